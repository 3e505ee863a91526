"""A review case for each service, linked to its monitor from `pulumi-datadog`.

The monitors' ids become insights on the cases.
"""

import pulumi
import pulumi_datadog as datadog

import pulumi_datadog_cases as cases

#: The services, each with the team that owns it.
SERVICES = {"checkout": "shop", "search": "discovery", "ledger": "finance"}

reviews = cases.Project("reviews", key="SRV", name="Service reviews")

for service, team in SERVICES.items():
    errors = datadog.Monitor(
        f"{service}-errors",
        name=f"Errors of {service}",
        type="metric alert",
        query=f"sum(last_5m):sum:trace.http.request.errors{{service:{service}}} > 10",
        message=f"@slack-{team}",
    )
    review = cases.Case(
        service,
        project_id=reviews.id,
        title=f"Review {service} before the next release",
        attributes={"service": [service], "team": [team]},
    )
    cases.CaseInsight(
        service,
        case_id=review.id,
        type="MONITOR",
        ref=errors.id.apply("/monitors/{}".format),
        resource_id=errors.id,
    )

pulumi.export("project", reviews.key)
