"""What resource classes share: none of it is exported."""
