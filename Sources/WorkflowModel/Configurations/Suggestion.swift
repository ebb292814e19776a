/// The candidate that was probably meant by `word`; nil when none is close.
///
/// Close means: equal except for case, `-`, `_` and spaces, or at most two letters added, omitted, replaced or swapped; one letter
/// in words of up to four.
/// words of up to four.
package func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    let folded = word.foldedForSuggestions
    guard !folded.isEmpty, folded.count <= 32 else { return nil }
    let allowed = folded.count <= 4 ? 1 : 2
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
        let distance = editDistance(folded, candidate.foldedForSuggestions)
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
}

extension String {
    fileprivate var foldedForSuggestions: [UInt8] {
        lowercased().utf8.filter { !"-_ ".utf8.contains($0) }
    }
}

/// The number of letters that have to be added, omitted, replaced or swapped with a neighbor to turn one word into the other.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    guard abs(left.count - right.count) <= 2 else { return .max }
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
        var current = [row]
        for column in 1...right.count {
            let isSame = left[row - 1] == right[column - 1]
            var distance = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                distance = min(distance, beforeLast[column - 2] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
