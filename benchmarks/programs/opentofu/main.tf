# Declares the rules and cases of plan.json, with the generic provider for REST APIs.

terraform {
  required_providers {
    restapi = {
      source = "Mastercard/restapi"
    }
  }
}

variable "url" { type = string }
variable "api_key" { type = string }
variable "app_key" { type = string }

provider "restapi" {
  uri                  = var.url
  write_returns_object = true
  id_attribute         = "data/id"
  headers = {
    DD-API-KEY         = var.api_key
    DD-APPLICATION-KEY = var.app_key
  }
}

locals {
  plan  = jsondecode(file("plan.json"))
  cases = "/api/v2/cases"
  rules = "${local.cases}/projects/${local.plan.project_id}/rules"
}

resource "restapi_object" "rule" {
  count = length(local.plan.rules)
  path  = local.rules
  data  = jsonencode({ data = { type = "rule", attributes = local.plan.rules[count.index] } })
}

# The API has no endpoint that updates a whole case. A change of a case fails, because the provider
# sends a PUT that the API rejects.
resource "restapi_object" "case" {
  count = length(local.plan.cases)
  path  = local.cases
  data = jsonencode({
    data = {
      type = "case"
      attributes = {
        type_id     = "00000000-0000-0000-0000-000000000001"
        title       = local.plan.cases[count.index].title
        description = local.plan.cases[count.index].description
        priority    = local.plan.cases[count.index].priority
        status_name = local.plan.cases[count.index].status_name
      }
      relationships = { project = { data = { type = "project", id = local.plan.project_id } } }
    }
  })
  destroy_method = "POST"
  destroy_path   = "${local.cases}/{id}/archive"
  destroy_data   = jsonencode({ data = { type = "case" } })
}

# The request that creates a case cannot set labels and due date, so each of the two is a separate
# restapi_object. Both belong to the case, and are archived with it. But the provider must send a
# request for each destroyed restapi_object. Here, this request is a GET, which has no effect.
resource "restapi_object" "labels" {
  count          = length(local.plan.cases)
  object_id      = restapi_object.case[count.index].id
  path           = local.cases
  create_path    = "${local.cases}/{id}/attributes"
  update_path    = "${local.cases}/{id}/attributes"
  update_method  = "POST"
  destroy_method = "GET"
  data = jsonencode({
    data = { type = "case", attributes = { attributes = local.plan.cases[count.index].attributes } }
  })
}

resource "restapi_object" "due_date" {
  count          = length(local.plan.cases)
  object_id      = restapi_object.case[count.index].id
  path           = local.cases
  create_path    = "${local.cases}/{id}/due_date"
  update_path    = "${local.cases}/{id}/due_date"
  update_method  = "POST"
  destroy_method = "GET"
  data = jsonencode({
    data = { type = "case", attributes = { due_date = local.plan.cases[count.index].due_date } }
  })
}

import {
  for_each = local.plan.ids
  to       = restapi_object.rule[each.key]
  id       = "${local.rules}/${each.value}"
}
