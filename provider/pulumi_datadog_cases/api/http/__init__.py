"""HTTP and JSON:API: sends and retries requests, waits for rate limits, and reads responses."""
