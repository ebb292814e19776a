public import WorkflowModel

/// The saved views above the list, as links. The one that the page shows is marked.
struct ViewsBar: Sendable {
    /// Views that are shown without opening the list of the others.
    static let most = 6

    var all: NamedLink
    /// The failed runs of last night.
    var failed: NamedLink
    var views: [NamedLink]
    var hasMoreViews: Bool
    var more: [NamedLink]
    var moreLabel: String
    /// The address of the form that saves the search; nil without a search or the right to save it.
    var save: String?
    /// The address of the list of views.
    var list: String

    init(_ views: [SavedView], at address: HistoryAddress, for visitor: Visitor, now: Timestamp) {
        let shown = address.at(.newest).href
        all = NamedLink(label: "All runs", href: PageAddress.history, isCurrent: shown == PageAddress.history)
        var recent = HistoryAddress()
        recent.filter.states = [.failed]
        let lastNight = recent.since("24h", in: .created, at: now).href
        failed = NamedLink(label: "Failed in 24 hours", href: lastNight, isCurrent: lastNight == shown)
        var links = views.map { view in
            let href = view.address(at: now)
            return NamedLink(label: view.name, href: href, isCurrent: href == shown)
        }
        // The current view is always visible.
        if let place = links.firstIndex(where: \.isCurrent), place >= Self.most {
            links.insert(links.remove(at: place), at: Self.most - 1)
        }
        self.views = Array(links.prefix(Self.most))
        more = Array(links.dropFirst(Self.most))
        hasMoreViews = !more.isEmpty
        moreLabel = "\(CountText.text(more.count)) more"
        let isSaved = links.contains(where: \.isCurrent)
        if visitor.canOperate, address.isFiltered || address.sort != nil, !isSaved {
            save = PageAddress.newView + PageAddress.query([(PageAddress.searchText, address.searchText(at: now))])
        }
        list = PageAddress.views
    }
}

extension SavedView {
    /// The address of the list that the view shows. A search that this version cannot read leads to the page that says so.
    public func address(at now: Timestamp) -> String {
        if let search = try? RunSearch(reading: search, at: now) { return HistoryAddress(search, at: now).href }
        return PageAddress.history + PageAddress.query([(PageAddress.searchText, search)])
    }
}
