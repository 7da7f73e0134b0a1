package dev.holdfast.engine.kv;

/** The limits of Workers KV, which its clients rely on. Sizes in bytes, times in seconds. */
public final class Limits {
    public static final int KEY_BYTES = 512;
    public static final int VALUE_BYTES = 25 * 1024 * 1024;
    public static final int METADATA_BYTES = 1024;
    public static final int TITLE_CHARACTERS = 512;
    public static final int LIST_PAGE = 1000;
    public static final int BULK_WRITE_ITEMS = 10_000;
    public static final int BULK_WRITE_BYTES = 100_000_000;
    public static final int BULK_GET_KEYS = 100;
    public static final int EXPIRATION_TTL_SECONDS = 60;
    public static final int CACHE_TTL_SECONDS = 30;

    private Limits() {}
}
