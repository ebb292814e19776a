extension OpenAPIDocument {
    static let runPaths = [
        #"""
        "/api/workflow/runs": {
          "get": {
            "operationId": "listRuns", "summary": "Lists the tenant's runs, newest first.", "tags": ["runs"],
            "description": "By created_at, equal times by id; with an ended window and no created window, by ended_at. \#
        Walking all pages shows every run that matched when the walk began and still matches exactly once.",
            "parameters": [\#(parameters(
                "CreatedFrom", "CreatedTo", "EndedFrom", "EndedTo", "StateFilter", "TypeFilter", "Limit", "NextToken",
                "WithTotal", "IfNoneMatch"))],
            "responses": {
              "200": {
                "description": "A page of runs.", "headers": {\#(tagged)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RunList"}}}
              },
              "304": {"description": "The client has this answer already."},
              \#(readErrors)
            }
          },
          "post": {
            "operationId": "startRun", "summary": "Starts a run of a configuration.", "tags": ["runs"],
            "description": "Needs the policy operator. When it answers 201, the run survives any crash.",
            "parameters": [\#(parameters("IdempotencyKey"))],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": \#
        "#/components/schemas/StartRequest"}}}},
            "responses": {
              "201": {
                "description": "The run as it was accepted: scheduled, and no task instances yet.",
                "headers": {"Location": {"$ref": "#/components/headers/Location"}, \#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VerboseRun"}}}
              },
              \#(errors(
                .invalid, .unauthenticated, .forbidden, .conflict, .tooLarge, .unsupportedMediaType, .keyMismatch, .rateLimited,
                .headersTooLarge, .failed, .unavailable))
            }
          }
        }
        """#,
        #"""
        "/api/workflow/runs/{id}": {
          "get": {
            "operationId": "showRun", "summary": "Shows a run.", "tags": ["runs"],
            "parameters": [\#(parameters("RunID", "View", "IfNoneMatch"))],
            "responses": {
              "200": {
                "description": "The run, in brief or with everything.", "headers": {\#(tagged)},
                "content": {"application/json": {"schema": {"anyOf": [
                  {"$ref": "#/components/schemas/RunOverview"}, {"$ref": "#/components/schemas/VerboseRun"}]}}}
              },
              "304": {"description": "The client has this answer already."},
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/runs/{id}/stop": {
          "post": {
            "operationId": "stopRun", "summary": "Asks a run to stop.", "tags": ["runs"],
            "description": "Needs the policy operator, and no body. Harmless for a run that is stopping or has ended.",
            "parameters": [\#(parameters("RunID"))],
            "responses": {
              "200": {
                "description": "The run as it is now.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VerboseRun"}}}
              },
              \#(errors(.notFound, .tooLarge)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/runs/{id}/rerun": {
          "post": {
            "operationId": "rerun", "summary": "Does a run over that has ended.", "tags": ["runs"],
            "description": "Needs the policy operator; the body may be left out. Starts a run in the same run mode and for the \#
        same range. From failure, tasks that succeeded, and need nothing that is run again, are kept with what they left: \#
        kept_from names the run in which they succeeded.",
            "parameters": [\#(parameters("RunID", "IdempotencyKey"))],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/RerunRequest"}}}},
            "responses": {
              "201": {
                "description": "The new run as it was accepted: scheduled, and no task instances yet.",
                "headers": {"Location": {"$ref": "#/components/headers/Location"}, \#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VerboseRun"}}}
              },
              \#(errors(.notFound, .conflict, .tooLarge, .unsupportedMediaType, .keyMismatch)), \#(readErrors)
            }
          }
        }
        """#,
    ]

    static let taskPaths = [
        #"""
        "/api/workflow/runs/{id}/why": {
          "get": {
            "operationId": "whyRun", "summary": "Says what a run and its tasks wait for.", "tags": ["tasks"],
            "description": "Of the tasks that have not ended: what each does or waits for, since when, and where it is a \#
        limit, how much there is of it and what holds it.",
            "parameters": [\#(parameters("RunID"))],
            "responses": {
              "200": {
                "description": "What it waits for.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RunStanding"}}}
              },
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/runs/{id}/attempts": {
          "get": {
            "operationId": "listAttempts", "summary": "Lists the attempts at a run's tasks, oldest first.", "tags": ["tasks"],
            "parameters": [\#(parameters("RunID"))],
            "responses": {
              "200": {
                "description": "The attempts.", "headers": {\#(limited)},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AttemptList"}}}
              },
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
        #"""
        "/api/workflow/runs/{id}/tasks/{task_id}/output": {
          "get": {
            "operationId": "readOutput", "summary": "Reads a piece of what a task printed.", "tags": ["tasks"],
            "description": "At most 256 KiB an answer. Where Weir-Output-From is beyond the place that was asked for, what \#
        lies between is no longer kept.",
            "parameters": [\#(parameters("RunID", "TaskID", "Attempt", "OutputFrom"))],
            "responses": {
              "200": {
                "description": "Bytes as they were printed.",
                "headers": {
                  "Weir-Output-Attempt": {"description": "The attempt that printed it.", "schema": {"type": "integer"}},
                  "Weir-Output-From": {"description": "Where the bytes begin, in all that was printed.", "schema": {"type": \#
        "integer"}},
                  "Weir-Output-Next": {"description": "Where to go on reading.", "schema": {"type": "integer"}},
                  "Weir-Output-Last": {"description": "Whether the attempt is over and nothing follows.", "schema": {"type": \#
        "boolean"}},
                  \#(limited)
                },
                "content": {"text/plain": {"schema": {"type": "string"}}}
              },
              \#(errors(.notFound)), \#(readErrors)
            }
          }
        }
        """#,
    ]

    /// What every request to a tenant can be answered with.
    static var readErrors: String {
        errors(.invalid, .unauthenticated, .forbidden, .rateLimited, .headersTooLarge, .failed, .unavailable)
    }

    static let limited = #"""
        "Request-Id": {"$ref": "#/components/headers/RequestID"}, "api-version": {"$ref": "#/components/headers/Version"}, \#
        "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"}, "RateLimit": {"$ref": \#
        "#/components/headers/RateLimit"}
        """#

    static let tagged = ##""ETag": {"$ref": "#/components/headers/ETag"}, "## + limited
}
