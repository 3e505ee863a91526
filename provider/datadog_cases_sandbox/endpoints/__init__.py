"""The API's endpoints: one module per resource, and `registry`, which lists them."""
