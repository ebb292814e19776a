public import WorkflowModel

/// The receivers that are told of a run's end, with a form for another one.
struct SubscriptionPanel: Sendable {
    struct Subscription: Sendable {
        var receiver: String
        var requestedBy: String
        var time: TimeText
        /// nil for a visitor who may not remove it, and after the end of the run.
        var removal: Removal?
    }

    struct Removal: Sendable {
        var action: String
        var formToken: String
    }

    /// The form; nil for a visitor who may not use it, after the end of the run, and when no further receiver can be chosen.
    struct Form: Sendable {
        var action: String
        var formToken: String
        var receivers: [String]
    }

    var title: String
    var subscriptions: [Subscription]
    var form: Form?

    /// - Parameter receivers: the names of those that are not disabled.
    /// - Returns: nil when there is nothing to show.
    init?(_ run: WorkflowRun, _ found: RunSubscriptions, receivers: [String], for visitor: Visitor) {
        let isChangeable = visitor.canOperate && found.event == nil
        title = found.event == nil ? "Receivers told when it ends" : "Receivers told of its end"
        subscriptions = found.list.map { one in
            Subscription(
                receiver: one.receiver, requestedBy: one.requestedBy.name.visible(), time: TimeText(one.requestedAt),
                removal: isChangeable
                    ? Removal(
                        action: PageAddress.subscriptions(to: run.id) + "/\(one.receiver)/remove", formToken: visitor.formToken)
                    : nil)
        }
        let others = receivers.filter { name in !found.list.contains { $0.receiver == name } }
        if isChangeable, !others.isEmpty, found.list.count < RunSubscription.most {
            form = Form(action: PageAddress.subscriptions(to: run.id), formToken: visitor.formToken, receivers: others)
        }
        if subscriptions.isEmpty, form == nil { return nil }
    }
}

extension RunDetailsPage {
    /// The page with the receivers that are told of the run's end.
    /// - Parameter receivers: the names of those that are not disabled.
    public func telling(
        _ subscriptions: RunSubscriptions, of run: WorkflowRun, receivers: [String], for visitor: Visitor
    ) -> Self {
        var page = self
        page.subscriptions = SubscriptionPanel(run, subscriptions, receivers: receivers, for: visitor)
        return page
    }
}
