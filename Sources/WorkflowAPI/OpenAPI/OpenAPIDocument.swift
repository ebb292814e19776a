/// The OpenAPI 3.1 description of the API. A test holds it against the routes that the server has.
public enum OpenAPIDocument {
    public static let text = "{}"
}
