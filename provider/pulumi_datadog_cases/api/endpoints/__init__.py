"""The endpoints of the API, in one file per noun such as cases or projects."""
