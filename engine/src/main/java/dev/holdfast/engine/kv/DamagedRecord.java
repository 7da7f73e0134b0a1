package dev.holdfast.engine.kv;

/** Bytes that are not the record which was written for this key: cut short, altered, or another key's. */
public final class DamagedRecord extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;

    public DamagedRecord(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    @Override
    public String getMessage() {
        return what;
    }
}
