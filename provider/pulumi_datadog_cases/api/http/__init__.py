"""HTTP and JSON:API: sends requests, retries, waits for rate limits, reads responses."""
