"""A misspelt attribute of an object that a lookup returns."""

import pulumi_datadog_cases as cases

user = cases.get_user(user_id="5a9d0c00-0000-4000-8000-000000000002")
EMAIL = user.attributes.emial  # wrong: attr-defined, reportAttributeAccessIssue
