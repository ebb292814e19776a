import WorkflowModel

/// The search box: the conditions of the address as a text. A text that is typed there replaces them all.
struct SearchBox: Sendable {
    var text: String
    /// Why the text could not be read; nil otherwise.
    var problem: String?
    /// The text with the part that could not be read.
    var marked: MarkedText?
    /// The address of the page, so that the answer to a text that cannot be read has a way back to its list.
    var kept: [KeptField]
    /// The address without conditions; nil when there are none.
    var clear: String?
    /// The list before a search that could not be read.
    var former: String?

    init(_ address: HistoryAddress, failed: FailedSearch?, at now: Timestamp) {
        text = failed?.text ?? address.searchText(at: now)
        problem = failed?.problem
        marked = failed?.marked
        former = failed == nil ? nil : address.href
        kept = address.pairs.compactMap { name, value in value.map { KeptField(name: name, value: $0) } }
        clear = address.isFiltered || failed != nil ? PageAddress.history : nil
    }
}
