"""What a team looks at on Mondays: found by name, nothing is declared.

pulumi config set project SUPPORT
pulumi config set case SUPPORT-1
"""

import pulumi

import pulumi_datadog_cases as cases

config = pulumi.Config()

# Where it all is.
key = config.require("project")
project = cases.get_project(key=key)
standard = cases.get_case_type(name="Standard")
fields = cases.get_custom_attributes(case_type_id=standard.id)

# What is open, most urgent first, and how much of it.
urgent = cases.search_cases(f"project:{key} status:open", sort_field="priority")
by_status = cases.count_cases(group_bys=["status"])
by_priority = cases.aggregate_cases("status:open", groups=["priority"], limit=10)

# One case, with all that hangs on it.
case = cases.get_case(config.require("case"))
story = cases.get_case_timeline(case.id)
links = cases.get_case_links("CASE", case.id, relationship="BLOCKS")
watchers = cases.get_case_watchers(case.id)

# What happens by itself, and who looks where.
rules = cases.get_automation_rules(project.id)
told = cases.get_notification_rules(project.id)
views = cases.get_case_views(project.id)
favorites = cases.get_project_favorites()
muted = cases.get_maintenance_windows()
me = cases.get_user(email=config.require("me"))

pulumi.export("project", project.attributes["name"])
pulumi.export("urgent", [each.attributes["key"] for each in urgent])
pulumi.export("counts", [by_status.attributes, by_priority.attributes])
pulumi.export("sizes", {"story": len(story), "links": len(links), "watchers": len(watchers)})
pulumi.export("rules", [each.attributes["name"] for each in rules])
pulumi.export("set up", [len(fields), len(told), len(views), len(favorites), len(muted)])
pulumi.export("me", me.attributes["handle"])
