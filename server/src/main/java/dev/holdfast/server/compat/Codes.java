package dev.holdfast.server.compat;

/** The error codes of Cloudflare's API that are used here, by Cloudflare's names for them. */
public final class Codes {
    public static final int AUTHENTICATION = 10000;
    public static final int UNAVAILABLE = 10001;
    public static final int MALFORMED_PAGE = 10007;
    public static final int MALFORMED_PER_PAGE = 10008;
    public static final int KEY_NOT_FOUND = 10009;
    public static final int MALFORMED_NAMESPACE_ID = 10011;
    public static final int MALFORMED_VALUE = 10012;
    public static final int NAMESPACE_NOT_FOUND = 10013;
    public static final int NAMESPACE_EXISTS = 10014;
    public static final int TOO_MANY_NAMESPACES = 10018;
    public static final int MISSING_TITLE = 10019;
    public static final int PAYLOAD_TOO_LARGE = 10024;
    public static final int INVALID_LIMIT = 10028;
    public static final int INVALID_REQUEST = 10029;
    public static final int KEY_TOO_LONG = 10030;
    public static final int INVALID_EXPIRATION = 10033;
    public static final int INVALID_EXPIRATION_TTL = 10034;
    public static final int INVALID_CURSOR = 10041;
    public static final int ILLEGAL_KEY = 10042;
    public static final int INVALID_ORDER = 10043;
    public static final int INVALID_DIRECTION = 10044;
    public static final int TOO_MANY_BULK_REQUESTS = 10046;
    public static final int INVALID_METADATA = 10047;
    public static final int QUOTA = 10048;
    public static final int NO_ROUTE = 7003;
    public static final int INVALID_HEADERS = 6003;
    public static final int INVALID_EMAIL_HEADER = 6102;
    public static final int INVALID_KEY_HEADER = 6103;
    public static final int INVALID_AUTHORIZATION_HEADER = 6111;
    public static final int MISSING_HEADERS = 9106;

    private Codes() {}
}
