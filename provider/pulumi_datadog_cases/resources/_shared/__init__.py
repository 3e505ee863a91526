"""Code that the resource classes share. Nothing here is exported from the package."""
