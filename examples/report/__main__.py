"""A weekly report from lookups; the program declares no resources.

Set the project, a case, your email address and your team before the deployment:

    pulumi config set project SUPPORT
    pulumi config set case SUPPORT-1
    pulumi config set me you@example.com
    pulumi config set team platform
"""

import pulumi

import pulumi_datadog_cases as cases

config = pulumi.Config()

# The project, a case type and its custom attributes.
key = config.require("project")
project = cases.get_project(key=key)
standard = cases.get_case_type(name="Standard")
fields = cases.get_custom_attributes(case_type_id=standard.id)

# Open cases, most urgent first, and counts by status and priority.
urgent = cases.search_cases(f"project:{key} status:open", sort_field="priority")
by_status = cases.count_cases(group_bys=["status"])
by_priority = cases.aggregate_cases("status:open", groups=["priority"], limit=10)

# One case with its timeline, links and watchers.
case = cases.get_case(config.require("case"))
timeline = cases.get_case_timeline(case.id)
links = cases.get_case_links("CASE", case.id, relationship="BLOCKS")
watchers = cases.get_case_watchers(case.id)

# Rules, views, favorites, maintenance windows, a user and a team.
rules = cases.get_automation_rules(project.id)
alerts = cases.get_notification_rules(project.id)
views = cases.get_case_views(project.id)
favorites = cases.get_project_favorites()
windows = cases.get_maintenance_windows()
me = cases.get_user(email=config.require("me"))
team = cases.get_team(handle=config.require("team"))

pulumi.export("project", project.attributes.name)
pulumi.export("urgent", [each.attributes.key for each in urgent])
pulumi.export("counts", [by_status.values(), by_priority.values()])
pulumi.export("sizes", {"timeline": len(timeline), "links": len(links), "watchers": len(watchers)})
pulumi.export("rules", [each.attributes.name for each in rules])
pulumi.export("configuration", [len(fields), len(alerts), len(views), len(favorites), len(windows)])
pulumi.export("me", me.attributes.handle)
pulumi.export("team", team.attributes.name)
