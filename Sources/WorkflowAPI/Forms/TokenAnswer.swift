public import NIOCore
public import WorkflowModel

/// The answer with a token: of the token endpoint (RFC 6749, section 5.1), and of the one that issues tokens.
public struct TokenAnswer: Hashable, Sendable {
    public var accessToken: String
    /// Seconds until the token expires.
    public var expiresIn: Int
    /// When it expires; nil from the token endpoint.
    public var expiresAt: Timestamp?

    public init(accessToken: String, expiresIn: Int, expiresAt: Timestamp? = nil) {
        self.accessToken = accessToken
        self.expiresIn = expiresIn
        self.expiresAt = expiresAt
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("access_token", accessToken)
                json.member("token_type", "Bearer")
                json.member("expires_in", expiresIn)
                json.member("expires_at", expiresAt)
            }
        }
    }

    /// - Throws: ``JSONProblem`` when it is no such answer.
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var token: String?
        var type: String?
        var lifetime: Int?
        var expiresAt: Timestamp?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "access_token": token = try reader.string()
                case "token_type": type = try reader.string()
                case "expires_in": lifetime = try reader.optional { try $0.integer() }
                case "expires_at": expiresAt = try reader.optional { try $0.timestamp() }
                default: try reader.skip()
                }
            }
        }
        guard let token, type?.lowercased() == "bearer" else { throw JSONProblem("is no answer of a token endpoint") }
        self.init(accessToken: token, expiresIn: lifetime ?? 0, expiresAt: expiresAt)
    }
}

/// Why the token endpoint refused (RFC 6749, section 5.2).
public struct TokenRefusal: Error, Hashable, Sendable {
    public enum Code: String, CaseIterable, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"

        public var status: Int { self == .invalidClient ? 401 : 400 }
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.member("error", code.rawValue)
                json.member("error_description", message)
            }
        }
    }

    /// - Throws: ``JSONProblem`` when it is no such answer.
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        var code: Code?
        var message: String?
        try JSONReader.read(bytes) { reader in
            try reader.object { reader, name in
                switch name {
                case "error": code = Code(rawValue: try reader.string())
                case "error_description": message = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
        }
        guard let code else { throw JSONProblem("is no refusal of a token endpoint") }
        self.init(code, message ?? code.rawValue)
    }
}
