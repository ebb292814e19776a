/// A page of which regions change while it is open.
public protocol LivePage: Page {
    /// The address of its live updates; nil when nothing further changes.
    var live: String? { get set }
}

extension LivePage {
    /// The first version of the page. Its live address carries what it shows, so that only changes are sent.
    public func followed(from look: LiveLook) -> Self {
        var page = self
        page.live = live.map(look.following)
        return page
    }
}
