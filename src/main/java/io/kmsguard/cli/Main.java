// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a function, and the one place that ends the process. */
public final class Main {

    private static final String DEBUG = "KMS_GUARD_DEBUG";
    private static final String COMPLETION = "completion";

    /**
     * A command.
     *
     * @param name as its annotation has it
     */
    private record Named(String name, Function<Session, Object> of) {}

    /** The explicit list of commands, as the help shows them. */
    private static final List<Named> COMMANDS = List.of(
            new Named("check", CheckCommand::new),
            new Named("audit", AuditCommand::new),
            new Named("inject", InjectCommand::new),
            new Named("plan", PlanCommand::new),
            new Named("explain", ExplainCommand::new),
            new Named("effective", EffectiveCommand::new),
            new Named("keys", Main::keys),
            new Named("certs", Main::certs),
            new Named("identities", Main::identities),
            new Named("serve", ServeCommand::new),
            new Named("doctor", DoctorCommand::new),
            new Named("unregister", UnregisterCommand::new),
            new Named("demo", DemoCommand::new),
            new Named(COMPLETION, CompletionCommand::new));

    private Main() {}

    public static void main(String[] args) {
        // Reports are UTF-8 whatever the locale, so that a machine can read them.
        var out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), false, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var session = new Session(System.in, out, err, System.getenv(), Terminals.ofProcess());
        System.exit(run(session, args));
    }

    /** Ends a process that was told to stop and has stopped; left alone, the JVM would report the signal. */
    static void stopped() {
        Runtime.getRuntime().halt(ExitCode.FINE);
    }

    /**
     * Runs one command, without a terminal.
     *
     * @return the exit code: 0 nothing denied, 1 denied, 2 bad input or usage
     */
    public static int run(InputStream in, PrintStream out, PrintStream err, Map<String, String> env, String... args) {
        return run(new Session(in, out, err, env, Terminals.NONE), args);
    }

    static int run(Session session, String... args) {
        try {
            return written(session, commandLine(session, needed(args)).execute(args));
        } catch (OutOfMemoryError tooMuch) {
            session.say("out of memory; split the input, or give more by JAVA_TOOL_OPTIONS=-Xmx2g");
            return ExitCode.TROUBLE;
        } catch (StackOverflowError bug) {
            return bug(session, bug);
        } finally {
            session.out().flush();
            session.err().flush();
        }
    }

    /** A report that nobody got is no pass, whatever it says. */
    private static int written(Session session, int exitCode) {
        if (exitCode == ExitCode.TROUBLE || !session.out().checkError()) {
            return exitCode;
        }
        session.say("standard output was closed or is full, so not everything was printed");
        return exitCode == ExitCode.DENIED ? exitCode : ExitCode.TROUBLE;
    }

    private static CommandLine commandLine(Session session, List<Named> commands) {
        var commandLine = new CommandLine(new KmsGuardCommand(session));
        commands.forEach(command -> commandLine.addSubcommand(command.of().apply(session)));
        addHelp(commandLine);
        commandLine
                .setOut(writer(session.out()))
                .setErr(writer(session.err()))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        session.hasColour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((trouble, args) -> usage(session, trouble))
                .setExecutionExceptionHandler((bug, command, args) ->
                        bug instanceof InvalidPathException noName ? noName(session, noName) : bug(session, bug));
        return commandLine;
    }

    /** The one that is asked for, since to build all takes a tenth of a start; all of them where more than one may be spoken of. */
    private static List<Named> needed(String... args) {
        var asked = args.length == 0 ? "" : args[0];
        return COMMANDS.stream()
                .filter(command -> command.name().equals(asked) && !asked.equals(COMPLETION))
                .findFirst()
                .map(List::of)
                .orElse(COMMANDS);
    }

    private static CommandLine keys(Session session) {
        return new CommandLine(new KeysCommand(session))
                .addSubcommand(new KeysGenerateCommand(session))
                .addSubcommand(new KeysSecretCommand(session))
                .addSubcommand(new KeysVerifyCommand(session));
    }

    private static CommandLine identities(Session session) {
        return new CommandLine(new IdentitiesCommand(session))
                .addSubcommand(new IdentitiesListCommand(session))
                .addSubcommand(new IdentitiesAcceptCommand(session))
                .addSubcommand(new IdentitiesForgetCommand(session));
    }

    private static CommandLine certs(Session session) {
        return new CommandLine(new CertsCommand(session))
                .addSubcommand(new CertsShowCommand(session))
                .addSubcommand(new CertsCheckCommand(session))
                .addSubcommand(new CertsMakeCommand(session));
    }

    /** Help is an option of every command. */
    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        command.getSubcommands().values().forEach(Main::addHelp);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int usage(Session session, ParameterException trouble) {
        var message = String.valueOf(trouble.getMessage());
        session.say(message);
        if (trouble instanceof UnmatchedArgumentException) {
            UnmatchedArgumentException.printSuggestions(trouble, session.err());
        }
        session.err()
                .println("Try: " + trouble.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.TROUBLE;
    }

    /** Of a name that a command takes from elsewhere, as from a kubeconfig or a link. */
    private static int noName(Session session, InvalidPathException noName) {
        return session.trouble(List.of(Places.of(ManifestFiles.noName(noName.getInput()))));
    }

    /** Names the bug by class and place only: a message may quote the input, and so a secret. */
    private static int bug(Session session, Throwable bug) {
        var trace = bug.getStackTrace();
        var where = trace.length == 0 ? "" : " at " + trace[0].getClassName() + ":" + trace[0].getLineNumber();
        session.say("this is a bug: " + bug.getClass().getSimpleName() + where
                + ". Please report it with the output of " + DEBUG + "=1 (it quotes no input).");
        if ("1".equals(session.env().get(DEBUG))) {
            for (var cause = bug; cause != null; cause = cause.getCause()) {
                session.err().println(cause.getClass().getName());
                for (var frame : cause.getStackTrace()) {
                    session.err().println("    at " + frame);
                }
            }
        }
        return ExitCode.TROUBLE;
    }
}
