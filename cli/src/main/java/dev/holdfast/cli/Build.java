package dev.holdfast.cli;

/** What this program was built as. */
public final class Build {
    private Build() {}

    /** From the manifest of its archive. */
    public static String version() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "(not from an archive)" : version;
    }
}
