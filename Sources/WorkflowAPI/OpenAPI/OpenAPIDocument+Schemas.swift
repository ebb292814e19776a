import WorkflowModel

extension OpenAPIDocument {
    static let runSchemas = [
        #"""
        "Tenant": {"type": "string", "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"},
              "DateTime": {"type": "string", "format": "date-time", "examples": ["2024-02-10T17:29:32.687Z"]},
              "PartialDateTime": {"type": "string", "examples": ["2024", "2024-04", "2024-04-01", "2024-04-01T09:30Z"], \#
        "description": "ISO 8601, full or partial; without a zone it is UTC, and a partial one means its first instant."},
              "RunState": {"enum": [\#(list(RunState.allCases))]},
              "TaskState": {"enum": [\#(list(TaskState.allCases))]}
        """#,
        #"""
        "RunError": {
                "type": "object", "required": ["attribution", "type", "message"],
                "properties": {
                  "attribution": {"enum": [\#(list(Attribution.allCases))]},
                  "type": {"type": "string"}, "message": {"type": "string"}, "data": true
                }
              }
        """#,
        #"""
        "Run": {
                "type": "object", "required": ["id", "name", "type", "state", "tenant", "created_at", "principal_id", \#
        "principal_name"],
                "properties": {\#(runProperties)}
              }
        """#,
        #"""
        "RunOverview": {
                "type": "object", "required": ["created_at", "id", "name", "state", "tenant", "type"],
                "properties": {
                  "created_at": {"$ref": "#/components/schemas/DateTime"}, "ended_at": {"$ref": "#/components/schemas/DateTime"},
                  "id": {"type": "string"}, "name": {"type": "string"}, "state": {"$ref": "#/components/schemas/RunState"},
                  "tenant": {"type": "string"}, "type": {"type": "string"}
                }
              }
        """#,
        #"""
        "VerboseRun": {
                "type": "object",
                "required": ["id", "name", "type", "state", "tenant", "created_at", "principal_id", "principal_name", \#
        "task_instances"],
                "properties": {
                  \#(runProperties),
                  "launched_version": {"type": "string"}, "current_version": {"type": "string"},
                  "warn_after_ms": {"type": "integer"},
                  "scheduled_for": {"$ref": "#/components/schemas/DateTime"},
                  "rerun_of": {"type": "string", "description": "The run that this one does over; it may be gone by now."},
                  "task_instances": {"type": "array", "items": {"$ref": "#/components/schemas/TaskInstance"}}
                }
              }
        """#,
        #"""
        "TaskInstance": {
                "type": "object",
                "required": ["id", "task_instance_id", "workflow_id", "tenant", "label", "state", "state_changed_at", \#
        "created_at", "execution_type", "task_definition_id", "task_definition_type"],
                "properties": {
                  "id": {"type": "string"}, "task_instance_id": {"type": "string"}, "workflow_id": {"type": "string"},
                  "tenant": {"type": "string"}, "label": {"type": "string"}, "state": {"$ref": "#/components/schemas/TaskState"},
                  "state_changed_at": {"$ref": "#/components/schemas/DateTime"}, "created_at": {"$ref": \#
        "#/components/schemas/DateTime"},
                  "ended_at": {"$ref": "#/components/schemas/DateTime"}, "execution_type": {"type": "string"}, "run_id": \#
        {"type": "string"},
                  "task_definition_id": {"type": "string"}, "task_definition_type": {"type": "string"},
                  "timeout_ms": {"type": "integer"}, "error": {"$ref": "#/components/schemas/RunError"},
                  "kept_from": {"type": "string", "description": "The run in which it succeeded, for a task that was not run \#
        again."}
                }
              }
        """#,
        #"""
        "RunList": {
                "type": "object", "required": ["data"],
                "properties": {
                  "data": {"type": "array", "items": {"$ref": "#/components/schemas/Run"}},
                  "next_token": {"type": "string"}, "total": {"type": "integer"}
                }
              }
        """#,
        #"""
        "StartRequest": {
                "type": "object", "required": ["config_id"], "additionalProperties": false,
                "properties": {
                  "config_id": {"type": "string", "minLength": 1}, "range_from": {"$ref": "#/components/schemas/PartialDateTime"},
                  "range_to": {"$ref": "#/components/schemas/PartialDateTime"}, "run_mode": {"enum": [\#(list(RunMode.allCases))]}
                },
                "dependentRequired": {"range_to": ["range_from"]}
              }
        """#,
        #"""
        "RerunRequest": {
                "type": "object", "additionalProperties": false,
                "properties": {
                  "from": {"enum": [\#(list(RerunStart.allCases))], "description": "Where to begin: with what did not succeed, \#
        or with everything. Left out: failure for a run that failed or was stopped, start for one that succeeded."},
                  "version": {"enum": [\#(list(RerunVersion.allCases))], "default": "current"}
                }
              }
        """#,
        #"""
        "AttemptList": {
                "type": "object", "required": ["data"],
                "properties": {"data": {"type": "array", "items": {
                  "type": "object", "required": ["task_instance_id", "attempt", "started_at"],
                  "properties": {
                    "task_instance_id": {"type": "string"}, "attempt": {"type": "integer"},
                    "started_at": {"$ref": "#/components/schemas/DateTime"}, "ended_at": {"$ref": \#
        "#/components/schemas/DateTime"},
                    "state": {"$ref": "#/components/schemas/TaskState"}, "error": {"$ref": "#/components/schemas/RunError"}
                  }
                }}}
              }
        """#,
    ]

    static let otherSchemas = [
        #"""
        "RunStanding": {
                "type": "object", "required": ["id", "state", "since", "message", "tasks"],
                "properties": {
                  "id": {"type": "string"}, "state": {"$ref": "#/components/schemas/RunState"},
                  "since": {"$ref": "#/components/schemas/DateTime"}, "ended_at": {"$ref": "#/components/schemas/DateTime"},
                  "message": {"type": "string"},
                  "tasks": {"type": "array", "items": {
                    "type": "object",
                    "required": ["task_instance_id", "task_definition_id", "label", "state", "since", "message"],
                    "properties": {
                      "task_instance_id": {"type": "string"}, "task_definition_id": {"type": "string"},
                      "label": {"type": "string"}, "state": {"$ref": "#/components/schemas/TaskState"},
                      "waits_for": {"enum": ["needs", "worker", "retry", "limit", "stop"]},
                      "since": {"$ref": "#/components/schemas/DateTime"}, "message": {"type": "string"},
                      "needs": {"type": "array", "items": {
                        "type": "object", "required": ["task_instance_id", "label", "state"],
                        "properties": {
                          "task_instance_id": {"type": "string"}, "label": {"type": "string"},
                          "state": {"$ref": "#/components/schemas/TaskState"}
                        }
                      }},
                      "retry_at": {"$ref": "#/components/schemas/DateTime"},
                      "error": {"$ref": "#/components/schemas/RunError"},
                      "tasks_ahead": {"type": "integer", "minimum": 0, "maximum": \#(TaskStanding.mostAhead)},
                      "limit": {
                        "type": "object", "required": ["name", "taken", "asked", "held_by"],
                        "properties": {
                          "name": {"type": "string"}, "size": {"type": "integer"}, "taken": {"type": "integer"},
                          "asked": {"type": "integer"},
                          "held_by": {"type": "array", "maxItems": \#(LimitStanding.mostHolders), "items": {
                            "type": "object", "required": ["workflow_id", "label", "units", "since"],
                            "properties": {
                              "workflow_id": {"type": "string"}, "task_instance_id": {"type": "string"},
                              "label": {"type": "string"}, "units": {"type": "integer"},
                              "since": {"$ref": "#/components/schemas/DateTime"}
                            }
                          }}
                        }
                      }
                    }
                  }}
                }
              }
        """#,
        #"""
        "Configuration": {
                "type": "object", "required": ["id", "name", "type", "version", "number", "created_at", "created_by"],
                "properties": {
                  "id": {"type": "string"}, "name": {"type": "string"}, "type": {"type": "string"}, "version": {"type": "string"},
                  "number": {"type": "integer", "minimum": 1}, "created_at": {"$ref": "#/components/schemas/DateTime"},
                  "created_by": {
                    "type": "object", "required": ["id", "name"],
                    "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"}}
                  },
                  "format": {"enum": [\#(list(ConfigurationSource.Format.allCases))]},
                  "directory": {"type": "string"}, "source": {"type": "string"},
                  "record": {
                    "description": "How the last runs went that ended by themselves, \#(RunRecord.most) at most. Only in the \#
        list; left out when there is none.",
                    "type": "object", "required": ["ended", "succeeded", "success_percent", "p50_ms", "p95_ms"],
                    "properties": {
                      "ended": {"type": "integer", "minimum": 1}, "succeeded": {"type": "integer"},
                      "success_percent": {"type": "integer"}, "p50_ms": {"type": "integer"}, "p95_ms": {"type": "integer"}
                    }
                  }
                }
              },
              "ConfigurationList": {
                "type": "object", "required": ["data"],
                "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Configuration"}}}
              }
        """#,
        #"""
        "TokenRequest": {
                "type": "object",
                "properties": {
                  "grant_type": {"const": "client_credentials"}, "client_id": {"type": "string"}, "client_secret": {"type": \#
        "string"}
                }
              },
              "TokenAnswer": {
                "type": "object", "required": ["access_token", "token_type", "expires_in"],
                "properties": {
                  "access_token": {"type": "string"}, "token_type": {"const": "Bearer"}, "expires_in": {"type": "integer"}
                }
              },
              "TokenRefusal": {
                "type": "object", "required": ["error"],
                "properties": {"error": {"enum": [\#(list(TokenRefusal.Code.allCases))]}, "error_description": {"type": "string"}}
              }
        """#,
        #"""
        "Health": {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}},
              "Error": {
                "type": "object", "required": ["status", "message", "request_id"],
                "properties": {
                  "status": {"type": "integer"}, "message": {"type": "string"}, "request_id": {"type": "string"},
                  "trace_id": {"type": "string"}
                }
              }
        """#,
    ]

    private static let runProperties = #"""
        "id": {"type": "string"}, "name": {"type": "string"}, "type": {"type": "string"},
                  "state": {"$ref": "#/components/schemas/RunState"}, "tenant": {"type": "string"},
                  "created_at": {"$ref": "#/components/schemas/DateTime"}, "ended_at": {"$ref": "#/components/schemas/DateTime"},
                  "principal_id": {"type": "string"}, "principal_name": {"type": "string"}, "principal_email": {"type": "string"},
                  "error": {"$ref": "#/components/schemas/RunError"}
        """#

    static func list(_ values: [some RawRepresentable<String>]) -> String {
        values.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
}
