"""The same project in two organizations on two sites, from one program.

Each organization has an explicit provider, with keys from the stack's config:

    pulumi config set --secret us:apiKey …    pulumi config set --secret us:appKey …
    pulumi config set --secret eu:apiKey …    pulumi config set --secret eu:appKey …
"""

import pulumi

import pulumi_datadog_cases as cases

SITES = {"us": "datadoghq.com", "eu": "datadoghq.eu"}

for name, site in SITES.items():
    config = pulumi.Config(name)
    organization = cases.Provider(
        name,
        site=site,
        api_url=config.get("apiUrl"),  # for a proxy or a sandbox
        api_key=config.require_secret("apiKey"),
        app_key=config.require_secret("appKey"),
    )
    opts = pulumi.ResourceOptions(provider=organization)
    desk = cases.Project(
        f"desk-{name}", key="DESK", name=f"Service desk ({name.upper()})", opts=opts
    )
    cases.AutomationRule(
        f"sort-{name}",
        project_id=desk.id,
        name="Sort new cases",
        trigger={"type": "CASE_CREATED"},
        action={"type": "EXECUTE_WORKFLOW", "data": {"handle": "sort"}},
        opts=opts,
    )
