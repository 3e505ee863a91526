"""The native plugin, with which programs in every Pulumi language can declare the resources.

`provider` answers the calls of Pulumi's engine with `engine.operations`, as `engine.dynamic` does
for dynamic resources. `package` finds resources and lookups by token. `engine.names` translates
between the names in the schema, such as `projectId`, and those in the package, such as
`project_id`.
"""
