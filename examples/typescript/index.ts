// A security operations project with a case type, automation rules and first cases.

import * as cases from "pulumi-datadog-cases";

// The case type and its custom attributes.
const intrusion = new cases.CaseType("intrusion", {
    name: "Intrusion",
    description: "Unauthorised access to a system.",
    emoji: "🚨",
});

const severity = new cases.CustomAttribute("severity", {
    caseTypeId: intrusion.id,
    key: "severity",
    displayName: "Severity",
    type: "SELECT",
    typeData: { options: [{ value: "low" }, { value: "high" }, { value: "critical" }] },
});

const hosts = new cases.CustomAttribute("hosts", {
    caseTypeId: intrusion.id,
    key: "hosts",
    displayName: "Hosts concerned",
    type: "TEXT",
    isMulti: true,
});

const runbook = new cases.CustomAttribute("runbook", {
    caseTypeId: intrusion.id,
    key: "runbook",
    displayName: "Runbook",
    type: "URL",
});

// Settings that are not declared here are unmanaged: people may set them in Datadog. A project with
// cases of other people is deleted only if it has forceDestroy: true.
const desk = new cases.Project("desk", {
    key: "SECOPS",
    name: "Security operations",
    enabledCustomCaseTypes: [intrusion.id],
    settings: {
        autoCloseInactiveCases: { enabled: true, maxInactiveTimeInSecs: 90 * 86_400 },
        notification: { destinations: [1, 2], notifyOnCaseComment: false },
    },
    columnsConfig: { columns: [{ type: "priority", sort: { ascending: true, priority: 1 } }] },
});

// Automation rules.
const triage = new cases.AutomationRule("triage", {
    projectId: desk.id,
    name: "Enrich every new case",
    trigger: { type: "CASE_CREATED" },
    action: { type: "EXECUTE_WORKFLOW", data: { handle: "enrich-intrusion" } },
});

new cases.AutomationRule("review", {
    projectId: desk.id,
    name: "Write the report once a case is closed",
    trigger: { type: "STATUS_TRANSITIONED", data: { toStatusName: "Closed" } },
    action: { type: "EXECUTE_WORKFLOW", data: { handle: "write-report" } },
});

new cases.AutomationRule("escalate", {
    projectId: desk.id,
    name: "Have an agent look when the severity changes",
    trigger: {
        type: "ATTRIBUTE_VALUE_CHANGED",
        data: { field: severity.key, changeType: "ANY_CHANGES" },
    },
    action: {
        type: "ASSIGN_AGENT",
        data: { agentType: "security", assignedAgentId: "bits-security" },
    },
    state: "DISABLED", // enable the rule once the agent has been tested
});

/** Returns the date `days` days after `moment`, an RFC 3339 time or a date. */
function daysLater(moment: string, days: number): string {
    const date = new Date(moment.slice(0, 10));
    date.setUTCDate(date.getUTCDate() + days);
    return date.toISOString().slice(0, 10);
}

// First cases, assigned to the user who created the rule.
const drill = new cases.Case("drill", {
    projectId: desk.id,
    typeId: intrusion.id,
    title: "Drill: stolen laptop",
    description: "Walk through the runbook once, with a clock.",
    priority: "P3",
    assigneeId: triage.createdBy,
    dueDate: triage.createdAt.apply((at) => daysLater(at, 14)),
    attributes: { env: ["prod"], team: ["secops"] },
    customAttributes: {
        severity: { type: severity.type, value: "low" },
        hosts: { type: hosts.type, value: ["laptop-7", "vpn-2"] },
        runbook: { type: runbook.type, value: "https://runbooks.example.com/stolen-laptop" },
    },
});

const lessons = new cases.Case("lessons", {
    projectId: desk.id,
    title: "Write down the lessons of the drill",
    assigneeId: drill.assigneeId,
    dueDate: drill.dueDate.apply((day) => daysLater(day ?? "", 7)),
});

export const project = desk.key;
export const keys = [drill.key, lessons.key];
