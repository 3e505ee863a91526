"""The endpoints of the API, in one file per kind of object, for example cases or projects."""
