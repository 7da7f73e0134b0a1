package dev.holdfast.engine.provider;

/** A provider did not do what it was asked. Evidence about the provider, never about the data (promise P4). */
public final class ProviderFault extends Exception {
    private static final long serialVersionUID = 1;

    private final FaultKind kind;
    private final String what;

    /** @param what a precise phrase for people: what was asked, what came back; no secrets */
    public ProviderFault(FaultKind kind, String what) {
        super(what, null, false, false);
        this.kind = kind;
        this.what = what;
    }

    /** @param cause kept for the log */
    public ProviderFault(FaultKind kind, String what, Throwable cause) {
        super(what, cause, false, false);
        this.kind = kind;
        this.what = what;
    }

    @Override
    public String getMessage() {
        return what;
    }

    public FaultKind kind() {
        return kind;
    }
}
