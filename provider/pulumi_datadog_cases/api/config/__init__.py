"""Settings: credentials, site, URL and time limits, and where users set them."""
