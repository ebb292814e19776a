public import NIOCore
public import WorkflowModel

extension RunFacets {
    /// `{"total": 47, "counted": 47, "complete": true, "facets": {"state": [{"value": "failed", "runs": 47}]}}`
    ///
    /// `counted` are the runs that the numbers are made of. When the budget was used up before all matching runs were counted, `complete`
    /// is false and `total` is left out.
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 256 + values.values.reduce(0) { $0 + 64 + $1.count * 64 }) { json in
            json.object { json in
                json.member("total", total.exact)
                json.member("counted", total.counted)
                json.name("complete")
                json.boolean(total.exact != nil)
                json.name("facets")
                json.object { json in
                    for facet in RunFacet.allCases {
                        guard let values = values[facet] else { continue }
                        json.key(facet.rawValue)
                        json.array(of: values) { json, value in
                            json.object { json in
                                json.member("value", value.text)
                                json.member("runs", value.runs)
                            }
                        }
                    }
                }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var total: Int?
            var counted: Int?
            var values: [RunFacet: [Value]]?
            try reader.object { reader, name in
                switch name {
                case "total": total = try reader.optional { try $0.integer() }
                case "counted": counted = try reader.integer()
                case "facets": values = try reader.facets()
                default: try reader.skip()
                }
            }
            let number = try counted.required("counted")
            return RunFacets(
                total: total.map(RunTotal.exactly) ?? .moreThan(number), values: try values.required("facets"))
        }
    }
}

extension JSONReader {
    /// Facets that only a newer service has are skipped.
    fileprivate mutating func facets() throws -> [RunFacet: [RunFacets.Value]] {
        var values: [RunFacet: [RunFacets.Value]] = [:]
        try object { reader, name in
            guard let facet = RunFacet(rawValue: name) else { return try reader.skip() }
            values[facet] = try reader.array { try $0.facetValue() }
        }
        return values
    }

    mutating func facetValue() throws -> RunFacets.Value {
        var text: String?
        var runs: Int?
        try object { reader, name in
            switch name {
            case "value": text = try reader.string()
            case "runs": runs = try reader.integer()
            default: try reader.skip()
            }
        }
        return RunFacets.Value(text: try text.required("value"), runs: try runs.required("runs"))
    }
}
