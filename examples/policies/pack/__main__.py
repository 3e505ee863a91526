"""Registers the policies with Pulumi."""

# pulumi-policy requires an older protobuf than the tools of this repository, so it is not installed
# here.
# pyright: basic, reportMissingImports=false

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from checks import Declared, disabled_too_long, easily_deleted, without_owner
from pulumi_policy import (  # type: ignore[import-not-found]
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)


def _validate(
    check: Callable[[Declared, ResourceValidationArgs], Iterator[str]],
) -> Callable[[ResourceValidationArgs, ReportViolation], None]:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = Declared.read(
            args.resource_type, args.name, args.props, is_protected=args.opts.protect
        )
        if resource:
            for problem in check(resource, args):
                report(problem)

    return validate


PolicyPack(
    name="datadog-cases",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[
        ResourceValidationPolicy(
            name="rule-has-owner",
            description="The name of each rule begins with the team that owns the rule.",
            config_schema=PolicyConfigSchema(
                {"owners": {"type": "array", "items": {"type": "string"}}}, ["owners"]
            ),
            validate=_validate(lambda each, args: without_owner(each, args.get_config()["owners"])),
        ),
        ResourceValidationPolicy(
            name="project-is-protected",
            description="Each project has `protect`, and none has `force_destroy`.",
            validate=_validate(lambda each, _: easily_deleted(each)),
        ),
        ResourceValidationPolicy(
            name="rule-is-not-disabled-forever",
            description="Each disabled rule has a date in the policy's config.",
            config_schema=PolicyConfigSchema(
                {
                    "disabledUntil": {
                        "type": "object",
                        "additionalProperties": {"type": "string", "format": "date"},
                        "default": {},
                    }
                }
            ),
            validate=_validate(
                lambda each, args: disabled_too_long(
                    each, args.get_config().get("disabledUntil", {}), datetime.now(UTC).date()
                )
            ),
        ),
    ],
)
