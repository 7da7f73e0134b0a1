package dev.holdfast.cli;

import dev.holdfast.cli.command.AuditHomes;
import dev.holdfast.cli.command.AuditResidency;
import dev.holdfast.cli.command.Backfill;
import dev.holdfast.cli.command.BackupCommands;
import dev.holdfast.cli.command.Compare;
import dev.holdfast.cli.command.CopyCommand;
import dev.holdfast.cli.command.Drain;
import dev.holdfast.cli.command.DrillCommand;
import dev.holdfast.cli.command.EncryptionCommands;
import dev.holdfast.cli.command.Explain;
import dev.holdfast.cli.command.ExportCommand;
import dev.holdfast.cli.command.GateCommands;
import dev.holdfast.cli.command.ImportCommand;
import dev.holdfast.cli.command.IncidentCommands;
import dev.holdfast.cli.command.KvBulkDelete;
import dev.holdfast.cli.command.KvBulkGet;
import dev.holdfast.cli.command.KvBulkPut;
import dev.holdfast.cli.command.KvDelete;
import dev.holdfast.cli.command.KvGet;
import dev.holdfast.cli.command.KvList;
import dev.holdfast.cli.command.KvPut;
import dev.holdfast.cli.command.KvWatch;
import dev.holdfast.cli.command.MigrateCommands;
import dev.holdfast.cli.command.NamespaceCommands;
import dev.holdfast.cli.command.NodeCommands;
import dev.holdfast.cli.command.ProviderCommands;
import dev.holdfast.cli.command.QuotaCommands;
import dev.holdfast.cli.command.RampCommands;
import dev.holdfast.cli.command.RampStatus;
import dev.holdfast.cli.command.ReplayCommand;
import dev.holdfast.cli.command.RestoreCommand;
import dev.holdfast.cli.command.RoleCommands;
import dev.holdfast.cli.command.Scrub;
import dev.holdfast.cli.command.SimulateCommand;
import dev.holdfast.cli.command.Status;
import dev.holdfast.cli.command.TokenCommands;
import dev.holdfast.cli.command.Verify;
import dev.holdfast.cli.command.WebhookCommands;
import dev.holdfast.cli.command.WorkersKvCommands;
import dev.holdfast.cli.command.WorkersKvImport;
import dev.holdfast.cli.http.Failure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's entry: {@code holdfast <command>}. */
@Command(
        name = "holdfast",
        description = "A key-value store that keeps reading and writing while any of its providers is gone.",
        mixinStandardHelpOptions = true,
        versionProvider = Holdfast.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "%nBegin:",
            "  holdfast server",
            "  holdfast namespace create settings",
            "  holdfast kv put settings theme dark",
            "  holdfast kv get settings theme",
            "%nWhere the server is: --url and --admin, or HOLDFAST_URL and HOLDFAST_ADMIN.",
            "The token: HOLDFAST_TOKEN, or the file admin-token in the data folder (--data);",
            "never an argument, since others can read those.",
            "%nExit codes: 0 done, 1 failed, 2 wrong usage, 3 no server answers."
        })
public final class Holdfast implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private Holdfast() {}

    public static void main(String[] arguments) {
        System.exit(run(Shell.ofProcess(), arguments));
    }

    /** @return the exit code */
    public static int run(Shell shell, String... arguments) {
        CommandLine commands = arguments.length == 0 ? commands(shell) : commands(shell, arguments[0]);
        int exitCode = commands.execute(arguments);
        shell.out().flush();
        shell.err().flush();
        return exitCode;
    }

    /** In the order of the help. */
    private static SequencedMap<String, Supplier<Object>> known(Shell shell) {
        SequencedMap<String, Supplier<Object>> known = new LinkedHashMap<>();
        known.put("server", () -> new ServerCommand(shell));
        known.put(
                "kv",
                () -> Group.of(
                        "kv",
                        "Reads and writes keys.",
                        new KvGet(shell),
                        new KvPut(shell),
                        new KvList(shell),
                        new KvDelete(shell),
                        new KvWatch(shell),
                        Group.of(
                                "bulk",
                                "Reads, writes and deletes many keys, named in a file.",
                                new KvBulkGet(shell),
                                new KvBulkPut(shell),
                                new KvBulkDelete(shell))));
        known.put(
                "namespace",
                () -> Group.of(
                        "namespace",
                        "Makes, shows, changes and deletes namespaces.",
                        new NamespaceCommands.List(shell),
                        new NamespaceCommands.Create(shell),
                        new NamespaceCommands.Show(shell),
                        new NamespaceCommands.Rename(shell),
                        new NamespaceCommands.Set(shell),
                        new NamespaceCommands.Delete(shell),
                        new NamespaceCommands.Restore(shell)));
        known.put(
                "token",
                () -> Group.of(
                        "token",
                        "Makes and revokes tokens.",
                        new TokenCommands.Create(shell),
                        new TokenCommands.Listing(shell),
                        new TokenCommands.Revoke(shell),
                        new TokenCommands.ResetAdmin(shell)));
        known.put(
                "provider",
                () -> Group.of(
                        "provider",
                        "Shows the providers, and has them come and go while the nodes serve.",
                        new ProviderCommands.Listing(shell),
                        new ProviderCommands.Show(shell),
                        new RoleCommands.Add(shell),
                        new Backfill(shell),
                        new Verify(shell),
                        new RoleCommands.Promote(shell),
                        new RoleCommands.Demote(shell),
                        new Drain(shell),
                        new RoleCommands.Remove(shell)));
        known.put(
                "migrate",
                () -> Group.of(
                        "migrate",
                        "Moves the store from some providers to others while it serves.",
                        new MigrateCommands.Plan(shell),
                        new MigrateCommands.Start(shell),
                        new MigrateCommands.Where(shell)));
        known.put(
                "audit",
                () -> Group.of(
                        "audit",
                        "Looks for what is not as it was promised.",
                        new AuditHomes(shell),
                        new AuditResidency(shell)));
        known.put(
                "node",
                () -> Group.of(
                        "node",
                        "Shows the nodes over the same providers, and removes one that is gone.",
                        new NodeCommands.Listing(shell),
                        new NodeCommands.Remove(shell)));
        known.put(
                "gate",
                () -> Group.of(
                        "gate",
                        "Shows and sets what namespaces may do now.",
                        new GateCommands.Listing(shell),
                        new GateCommands.Set(shell)));
        known.put(
                "ramp",
                () -> Group.of(
                        "ramp",
                        "Opens many gates step by step after an outage.",
                        new RampCommands.Plan(shell),
                        new RampCommands.Start(shell),
                        new RampStatus(shell),
                        new RampCommands.Pause(shell),
                        new RampCommands.Resume(shell),
                        new RampCommands.Skip(shell),
                        new RampCommands.Overrule(shell),
                        new RampCommands.Abort(shell)));
        known.put(
                "quota",
                () -> Group.of(
                        "quota",
                        "Shows use against quotas, and sets that of the account.",
                        new QuotaCommands.Listing(shell),
                        new QuotaCommands.Set(shell)));
        known.put(
                "encryption",
                () -> Group.of(
                        "encryption",
                        "Seals namespaces, so that providers hold ciphertext of what they hold.",
                        new EncryptionCommands.Status(shell),
                        new EncryptionCommands.Seal(shell),
                        new EncryptionCommands.Look(shell),
                        new EncryptionCommands.Rotate(shell),
                        new EncryptionCommands.Rewrap(shell)));
        known.put(
                "incident",
                () -> Group.of(
                        "incident",
                        "Shows what is or was wrong, and writes reports of it.",
                        new IncidentCommands.Listing(shell),
                        new IncidentCommands.Show(shell),
                        new IncidentCommands.Report(shell),
                        new IncidentCommands.Note(shell),
                        new WebhookCommands.Listing(shell),
                        new WebhookCommands.Test(shell)));
        known.put("export", () -> new ExportCommand(shell));
        known.put("import", () -> new ImportCommand(shell));
        known.put("copy", () -> new CopyCommand(shell));
        known.put(
                "backup",
                () -> Group.of(
                        "backup",
                        "Shows, makes and verifies the backups of the store.",
                        new BackupCommands.Listing(shell),
                        new BackupCommands.Show(shell),
                        new BackupCommands.Verify(shell),
                        new BackupCommands.Now(shell)));
        known.put("restore", () -> new RestoreCommand(shell));
        known.put(
                "workers-kv",
                () -> Group.of(
                        "workers-kv",
                        "Moves namespaces here from Workers KV.",
                        new WorkersKvCommands.Listing(shell),
                        new WorkersKvImport(shell)));
        known.put("status", () -> new Status(shell));
        known.put("explain", () -> new Explain(shell));
        known.put("compare", () -> new Compare(shell));
        known.put("scrub", () -> new Scrub(shell));
        known.put("drill", () -> new DrillCommand(shell));
        known.put("simulate", () -> SimulateCommand.line(shell));
        known.put("replay", () -> new ReplayCommand(shell));
        known.put("completion", () -> new Completion(shell));
        return known;
    }

    static CommandLine commands(Shell shell) {
        return commands(shell, "");
    }

    /** @param first if it is a command, the others are not made: that takes longer than most of them do */
    private static CommandLine commands(Shell shell, String first) {
        CommandLine root = new CommandLine(new Holdfast());
        SequencedMap<String, Supplier<Object>> known = known(shell);
        boolean alone = known.containsKey(first) && !first.equals("completion");
        known.forEach((name, made) -> {
            if (!alone || name.equals(first)) {
                root.addSubcommand(made.get());
            }
        });
        WholeNumber.teach(root);
        return root.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, _) -> refuse(shell, wrong))
                .setExitCodeExceptionMapper(
                        thrown -> thrown instanceof Failure failure ? failure.exitCode() : Failure.FAILED)
                .setExecutionExceptionHandler((thrown, line, parsed) -> explain(shell, thrown, line));
    }

    /** A line that says what is wrong, and where help is: the whole help would push that line off the screen. */
    private static int refuse(Shell shell, ParameterException wrong) {
        CommandLine line = wrong.getCommandLine();
        shell.err().println("holdfast: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, line.getErr());
        shell.err().println("See " + line.getCommandSpec().qualifiedName() + " --help");
        return Failure.USAGE;
    }

    private static int explain(Shell shell, Exception thrown, CommandLine line) {
        shell.out().flush();
        if (thrown instanceof Failure failure) {
            shell.err().println("holdfast: " + failure.getMessage());
            if (failure.exitCode() == Failure.USAGE) {
                shell.err().println("See " + line.getCommandSpec().qualifiedName() + " --help");
            }
            return failure.exitCode();
        }
        shell.err().println("holdfast: an error that nobody foresaw; please report it with these lines:");
        thrown.printStackTrace(shell.err());
        return Failure.FAILED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"holdfast " + Build.version()};
        }
    }
}
