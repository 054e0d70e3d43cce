package io.github.starling.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a person what went wrong in one sentence, and the caller by the exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  static final int BAD_INPUT = 1;
  static final int BAD_USAGE = 2;

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("starling: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
    return BAD_USAGE;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult parseResult) {
    PrintWriter err = command.getErr();
    err.println("starling: " + sentence(failure));
    if (command.getCommandSpec().root().userObject() instanceof StarlingCommand starling
        && starling.debug()) {
      failure.printStackTrace(err);
    }
    return BAD_INPUT;
  }

  /** Returns what a person should read. */
  static String sentence(Throwable failure) {
    return switch (failure) {
      case UncheckedIOException e -> sentence(e.getCause());
      case FileSystemException e -> e.getFile() + ": " + reason(e);
      case IOException e -> e.getMessage();
      case IllegalArgumentException e -> e.getMessage();
      default -> "internal error, please report it with the output of --debug: " + failure;
    };
  }

  private static String reason(FileSystemException failure) {
    if (failure.getReason() != null) {
      return failure.getReason();
    }
    return switch (failure) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is there already";
      default -> failure.getClass().getSimpleName();
    };
  }
}
