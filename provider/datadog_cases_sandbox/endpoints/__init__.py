"""The API's endpoints, in one module per resource. The module `registry` lists all endpoints."""
