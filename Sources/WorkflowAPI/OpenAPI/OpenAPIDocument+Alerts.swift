import WorkflowModel

extension OpenAPIDocument {
    static let alertPaths = [
        #"""
        "/api/workflow/alerts": {
          "get": {
            "operationId": "listAlerts", "summary": "Lists alerts, newest first.", "tags": ["alerts"],
            "parameters": [\#(parameters("AlertState", "Limit", "NextToken"))],
            "responses": {
              "200": {
                "description": "A page, and the rules of configurations that tell nobody.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertList"}}}
              },
              \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/alerts/{id}/resend": {
          "post": {
            "operationId": "resendAlert", "summary": "Sends an alert again, at once.", "tags": ["alerts"],
            "description": "Needs the policy operator. 409 when its receiver is disabled or gone.",
            "parameters": [\#(parameters("AlertID"))],
            "responses": {
              "200": {
                "description": "The alert as it is now.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Alert"}}}
              },
              \#(errors(.notFound, .conflict)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/alerts/receivers": {
          "get": {
            "operationId": "listAlertReceivers", "summary": "Lists where the tenant is told of what happened.", "tags": \#
        ["alerts"],
            "description": "Needs the policy admin.",
            "parameters": [\#(parameters())],
            "responses": {
              "200": {
                "description": "The receivers, by name.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertReceiverList"}}}
              },
              \#(readErrors)
            }
          },
          "post": {
            "operationId": "createAlertReceiver", "summary": "Makes a receiver.", "tags": ["alerts"],
            "description": "Needs the policy admin. The answer has the secret that signs, this once.",
            "parameters": [\#(parameters())],
            "requestBody": \#(receiverBody),
            "responses": {
              "201": {
                "description": "The receiver.", "headers": {"Location": {"$ref": "#/components/headers/Location"}, \#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertReceiver"}}}
              },
              \#(errors(.conflict, .tooLarge, .unsupportedMediaType)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/alerts/receivers/{name}": {
          "get": {
            "operationId": "showAlertReceiver", "summary": "Shows a receiver.", "tags": ["alerts"],
            "description": "Needs the policy admin.",
            "parameters": [\#(parameters("ReceiverName"))],
            "responses": {\#(receiverAnswer)}
          },
          "put": {
            "operationId": "changeAlertReceiver", "summary": "Changes where a receiver is and of what it is told.", "tags": \#
        ["alerts"],
            "description": "Needs the policy admin. The secret stays.",
            "parameters": [\#(parameters("ReceiverName"))],
            "requestBody": \#(receiverBody),
            "responses": {\#(receiverAnswer), \#(errors(.tooLarge, .unsupportedMediaType))}
          },
          "delete": {
            "operationId": "dropAlertReceiver", "summary": "Drops a receiver.", "tags": ["alerts"],
            "description": "Needs the policy admin. What it was still to be told is given up.",
            "parameters": [\#(parameters("ReceiverName"))],
            "responses": {
              "204": {"description": "It is gone.", "headers": {\#(limited)}},
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/alerts/receivers/{name}/rotate": {
          "post": {
            "operationId": "rotateAlertReceiver", "summary": "Gives a receiver a new secret, told this once.", "tags": ["alerts"],
            "description": "Needs the policy admin. The secret before goes on signing beside the new one for 24 hours.",
            "parameters": [\#(parameters("ReceiverName"))],
            "responses": {\#(receiverAnswer)}
          }
        }
        """#,
        #"""
        "/api/workflow/alerts/receivers/{name}/enable": {
          "post": {
            "operationId": "enableAlertReceiver", "summary": "Enables a receiver that was disabled.", "tags": ["alerts"],
            "description": "Needs the policy admin.",
            "parameters": [\#(parameters("ReceiverName"))],
            "responses": {\#(receiverAnswer)}
          }
        }
        """#,
    ]

    private static let receiverBody = #"""
        {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertReceiverOrder"}}}}
        """#

    private static let receiverAnswer = #"""
        "200": {
                "description": "The receiver as it is now.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AlertReceiver"}}}
              },
              \#(errors(.notFound)), \#(readErrors)
        """#

    static let alertParameters = #"""
        "AlertState": {"name": "state", "in": "query", "schema": {"enum": [\#(words(Alert.State.allCases))]}},
              "AlertID": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
              "ReceiverName": {"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}
        """#

    static let alertSchemas = [
        #"""
        "Alert": {
                "type": "object",
                "required": ["id", "tenant", "receiver", "event", "config_id", "name", "occurred_at", "state", "attempts"],
                "properties": {
                  "id": {"type": "string"}, "tenant": {"type": "string"}, "receiver": {"type": "string"},
                  "event": {"enum": [\#(words(AlertEvent.allCases))]}, "run_id": {"type": "string"},
                  "schedule": {"type": "string"}, "scheduled_for": {"$ref": "#/components/schemas/DateTime"},
                  "config_id": {"type": "string"}, "name": {"type": "string"},
                  "occurred_at": {"$ref": "#/components/schemas/DateTime"},
                  "state": {"enum": [\#(words(Alert.State.allCases))]}, "attempts": {"type": "integer"},
                  "next_attempt_at": {"$ref": "#/components/schemas/DateTime"},
                  "last_attempt_at": {"$ref": "#/components/schemas/DateTime"}, "answer": {"type": "string"}
                }
              },
              "AlertList": {
                "type": "object", "required": ["data"],
                "properties": {
                  "data": {"type": "array", "items": {"$ref": "#/components/schemas/Alert"}}, "next_token": {"type": "string"},
                  "silent_rules": {"type": "array", "items": {
                    "type": "object", "required": ["config_id", "receiver"],
                    "properties": {"config_id": {"type": "string"}, "receiver": {"type": "string"}}
                  }}
                }
              }
        """#,
        #"""
        "AlertReceiverOrder": {
                "type": "object", "required": ["url"], "additionalProperties": false,
                "properties": {
                  "name": {"type": "string", "description": "\#(AlertReceiver.nameRule). Where the path has it, it is left out."},
                  "kind": {"enum": [\#(words(AlertReceiver.Kind.allCases))], "default": "webhook"},
                  "url": {"type": "string", "maxLength": \#(AlertLimits.urlBytes)}, \#(ruleProperties)
                }
              },
              "AlertReceiver": {
                "type": "object", "required": ["name", "tenant", "kind", "url", "on", "created_at"],
                "properties": {
                  "name": {"type": "string"}, "tenant": {"type": "string"},
                  "kind": {"enum": [\#(words(AlertReceiver.Kind.allCases))]},
                  "url": {"type": "string", "description": "Its host only: the rest may be a secret."}, \#(ruleProperties),
                  "created_at": {"$ref": "#/components/schemas/DateTime"}, "rotated_at": {"$ref": \#
        "#/components/schemas/DateTime"},
                  "disabled_at": {"$ref": "#/components/schemas/DateTime"}, "disabled_reason": {"type": "string"},
                  "secret": {"type": "string", "description": "Where it was just made: whsec_ and Base64."}
                }
              },
              "AlertReceiverList": {
                "type": "object", "required": ["data"],
                "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/AlertReceiver"}}}
              }
        """#,
    ]

    private static let ruleProperties = #"""
        "on": {"type": "array", "items": {"enum": [\#(words(AlertEvent.allCases))]}},
                  "attribution": {"enum": [\#(words(Attribution.allCases))], "description": "Of failed runs only those that are \#
        that one's fault."},
                  "types": {"type": "array", "maxItems": \#(AlertLimits.filters), "items": {"type": "string"}},
                  "configurations": {"type": "array", "maxItems": \#(AlertLimits.filters), "items": {"type": "string"}}
        """#

    private static func words(_ values: [some RawRepresentable<String>]) -> String {
        values.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
}
