"""The native plugin, with which programs in every Pulumi language can declare the resources.

`provider` answers the calls of Pulumi's engine with `engine.operations`, as `engine.dynamic` does
for dynamic resources. `schema` describes the resources and lookups. `names` translates between the
names in the schema, such as `projectId`, and the names in the package, such as `project_id`.
"""
