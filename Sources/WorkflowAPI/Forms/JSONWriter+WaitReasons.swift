public import NIOCore
public import WorkflowModel

extension RunWaitReasons {
    /// The answer of ``TaskEndpoints/waitReasons``.
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 512 + tasks.count * 512) { json in
            json.object { json in
                json.member("id", id.rawValue)
                json.member("state", state.rawValue)
                json.member("since", createdAt)
                json.member("ended_at", endedAt)
                json.member("message", words)
                json.name("tasks")
                json.array(of: tasks) { json, task in json.waitReason(task) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func waitReason(_ task: TaskWaitReason) {
        object { json in
            json.member("task_instance_id", task.id.rawValue)
            json.member("task_definition_id", task.definitionID)
            json.member("label", task.label)
            json.member("state", task.state.rawValue)
            json.member("waits_for", task.kind)
            json.member("since", task.since)
            json.member("message", "\(task.label) \(task.words).")
            switch task.reason {
            case .works, .stops: break
            case .needs(let tasks):
                json.name("needs")
                json.array(of: tasks) { json, needed in
                    json.object { json in
                        json.member("task_instance_id", needed.id.rawValue)
                        json.member("label", needed.label)
                        json.member("state", needed.state.rawValue)
                    }
                }
            case .retry(let instant, let error):
                json.member("retry_at", instant)
                json.member("error", error)
            case .outside(let wait):
                json.member("next_check_at", wait.until)
                json.member("checks", wait.checks)
                json.member("failed_checks", wait.failures)
                json.member("deadline", wait.deadline)
            case .worker(let ahead): json.member("tasks_ahead", ahead)
            case .items(let counts, let parallel):
                json.name("items")
                json.counts(counts)
                json.member("max_parallel", parallel)
            case .limit(let usage):
                json.name("limit")
                json.limit(usage)
            }
        }
    }

    private mutating func limit(_ usage: LimitUsage) {
        object { json in
            json.member("name", usage.queue.limit.rawValue)
            json.member("size", usage.size)
            json.member("taken", usage.taken)
            json.member("asked", usage.units)
            json.name("held_by")
            json.array(of: usage.holders) { json, holder in
                json.object { json in
                    json.member("workflow_id", holder.run.rawValue)
                    json.member("task_instance_id", holder.task?.rawValue)
                    json.member("label", holder.label)
                    json.member("units", holder.units)
                    json.member("since", holder.since)
                }
            }
        }
    }
}
