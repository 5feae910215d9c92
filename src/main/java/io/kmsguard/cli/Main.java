// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a function, and the one place that ends the process. */
public final class Main {

    private static final String DEBUG = "KMS_GUARD_DEBUG";

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
            return commandLine(session).execute(args);
        } catch (OutOfMemoryError tooMuch) {
            session.err()
                    .println("kms-guard: out of memory; split the input, or give more by JAVA_TOOL_OPTIONS=-Xmx2g");
            return ExitCode.TROUBLE;
        } catch (StackOverflowError bug) {
            return bug(session, bug);
        } finally {
            session.out().flush();
            session.err().flush();
        }
    }

    /** The explicit list of commands. */
    private static CommandLine commandLine(Session session) {
        var commandLine = new CommandLine(new KmsGuardCommand(session))
                .addSubcommand(new CheckCommand(session))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(new InjectCommand(session))
                .addSubcommand(new PlanCommand(session))
                .addSubcommand(new ExplainCommand(session))
                .addSubcommand(new EffectiveCommand(session))
                .addSubcommand(new CommandLine(new KeysCommand(session))
                        .addSubcommand(new KeysGenerateCommand(session))
                        .addSubcommand(new KeysSecretCommand(session))
                        .addSubcommand(new KeysVerifyCommand(session)))
                .addSubcommand(new CommandLine(new CertsCommand(session))
                        .addSubcommand(new CertsShowCommand(session))
                        .addSubcommand(new CertsCheckCommand(session))
                        .addSubcommand(new CertsMakeCommand(session)))
                .addSubcommand(new ServeCommand(session))
                .addSubcommand(new DoctorCommand(session))
                .addSubcommand(new UnregisterCommand(session))
                .addSubcommand(new DemoCommand(session))
                .addSubcommand(new CompletionCommand(session));
        addHelp(commandLine);
        commandLine
                .setOut(writer(session.out()))
                .setErr(writer(session.err()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        session.hasColour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((trouble, args) -> usage(session, trouble))
                .setExecutionExceptionHandler((bug, command, args) -> bug(session, bug));
        return commandLine;
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
        session.err().println("kms-guard: " + message);
        if (trouble instanceof UnmatchedArgumentException) {
            UnmatchedArgumentException.printSuggestions(trouble, session.err());
        }
        session.err()
                .println("Try: " + trouble.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.TROUBLE;
    }

    /** Names the bug by class and place only: a message may quote the input, and so a secret. */
    private static int bug(Session session, Throwable bug) {
        var trace = bug.getStackTrace();
        var where = trace.length == 0 ? "" : " at " + trace[0].getClassName() + ":" + trace[0].getLineNumber();
        session.err()
                .println("kms-guard: this is a bug: " + bug.getClass().getSimpleName() + where
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
