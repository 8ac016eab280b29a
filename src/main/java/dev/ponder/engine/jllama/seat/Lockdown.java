package dev.ponder.engine.jllama.seat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes from this process what a seat never needs, before a file of somebody else's is parsed in
/// native code: new privileges, sockets, other programs, other processes, and files to write. Needs
/// no root and no tool, and cannot be undone.
///
/// On Linux a seccomp filter does it, in every thread. Landlock narrows what can be read as well,
/// for the threads that begin later, which are those that parse and decode; code that took over a
/// thread of the JVM itself could still read what the user can. Other systems have nothing that a
/// process can do to itself, and the seat says so.
public final class Lockdown {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_ALL_THREADS = 1;
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_NOFILE = 7;
  private static final int FILES_MAX = 256;
  private static final int CLONE_THREAD = 0x1_0000;
  private static final int FOR_WRITING = 01 | 02 | 0100 | 01000; // WRONLY, RDWR, CREAT, TRUNC

  /// Landlock has the same numbers everywhere.
  private static final int LANDLOCK_CREATE = 444;

  private static final int LANDLOCK_ADD = 445;
  private static final int LANDLOCK_RESTRICT = 446;
  private static final int LANDLOCK_VERSION = 1;
  private static final int LANDLOCK_BENEATH = 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ = 1 | READ_FILE | 1 << 3; // and to execute, to list
  private static final int O_PATH = 010000000 | 02000000; // and to close on exec
  private static final int AT_FDCWD = -100;

  /// What Java and the native library may look at besides their own files. Of `/proc` it is no more
  /// than their own process, because the others' have their environments there.
  private static final String SYSTEM =
      "/usr /lib /lib64 /bin /etc /sys /dev /proc/self /proc/sys /proc/cpuinfo /proc/meminfo"
          + " /proc/stat /proc/filesystems /proc/cgroups";

  private final Numbers numbers;
  private final MethodHandle syscall;

  private Lockdown(Numbers numbers, MethodHandle syscall) {
    this.numbers = numbers;
    this.syscall = syscall;
  }

  /// The numbers of a processor's system calls.
  ///
  /// @param opening without a folder; negative where there is no such call
  /// @param denied what nobody gets to do
  private record Numbers(
      int architecture,
      int prctl,
      int seccomp,
      int getpid,
      int dup,
      int dup3,
      int openat,
      int opening,
      int thread,
      int tgkill,
      int prlimit,
      int close,
      int[] denied) {

    private static final int OPENAT2 = 437;
    private static final int CLONE3 = 435;

    /// Since 2019 all processors have the same numbers for new calls.
    private static final String DENIED_EVERYWHERE =
        " 425 426 427" // io_uring, which opens sockets and files past every filter
            + " 424 434 438" // other processes
            + " 428 429 430 431 432 433 442 467" // mounts
            + " 452 463 466"; // modes and attributes of files

    private static Numbers x86() {
      return new Numbers(
          0xC000003E,
          157,
          317,
          39,
          32,
          292,
          257,
          2,
          56,
          234,
          302,
          3,
          denied(
              " 41 42 43 49 50 288" // sockets; a pair of them reaches nobody
                  + " 57 58 59 322" // fork, vfork, execve, execveat
                  + " 62 101 129 200 297 310 311 312" // signals, ptrace, memory of others
                  + " 76 82 83 84 85 86 87 88 90 91 92 93 94 132 133 188 189 190 197 198 199 235"
                  + " 258 259 260 261 263 264 265 266 268 280 316" // files
                  + " 155 161 163 165 166 175 176 240 246 248 249 250 272 298 303 304 308 313 319"
                  + " 320 321 323")); // mounts, modules, keys, namespaces, bpf
    }

    private static Numbers arm() {
      return new Numbers(
          0xC00000B7,
          167,
          277,
          172,
          23,
          24,
          56,
          -1,
          220,
          131,
          261,
          57,
          denied(
              " 198 200 201 202 203 242" // sockets
                  + " 221 281" // execve, execveat
                  + " 117 129 130 138 240 270 271 272" // signals, ptrace, memory of others
                  + " 5 6 7 14 15 16 33 34 35 36 37 38 45 52 53 54 55 88 276" // files
                  + " 39 40 41 51 89 97 104 105 106 180 217 218 219 241 264 265 268 273 279 280"
                  + " 282 294")); // the system
    }

    private static int[] denied(String here) {
      return Arrays.stream((DENIED_EVERYWHERE + here).strip().split(" "))
          .mapToInt(Integer::parseInt)
          .toArray();
    }

    private static @Nullable Numbers here() {
      if (!System.getProperty("os.name").equals("Linux")) {
        return null;
      }
      return switch (System.getProperty("os.arch")) {
        case "amd64", "x86_64" -> x86();
        case "aarch64" -> arm();
        default -> null;
      };
    }
  }

  /// @return null where it is not available
  public static @Nullable Lockdown here() {
    Numbers numbers = Numbers.here();
    if (numbers == null) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor seven =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    return linker
        .defaultLookup()
        .find("syscall")
        .map(it -> linker.downcallHandle(it, seven, Linker.Option.firstVariadicArg(1)))
        .map(handle -> new Lockdown(numbers, handle))
        .orElse(null);
  }

  private long call(long number, long a, long b, long c, long d, long e) {
    try {
      return (long) syscall.invokeExact(number, a, b, c, d, e);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable none) {
      throw new IllegalStateException(none);
    }
  }

  /// Standard output, for us alone: what native code prints there goes to standard error.
  OutputStream ownOutput() throws IOException {
    long mine = call(numbers.dup(), 1, 0, 0, 0, 0);
    if (mine < 0) {
      throw new IOException("its standard output cannot be had");
    }
    OutputStream out = new FileOutputStream("/proc/self/fd/" + mine);
    call(numbers.close(), mine, 0, 0, 0, 0);
    call(numbers.dup3(), 2, 1, 0, 0, 0);
    return out;
  }

  /// Locks this process down.
  ///
  /// @param readable files and folders that it reads from now on, besides those of the system
  /// @return what holds now, for a person
  public String lock(List<Path> readable) {
    try (Arena memory = Arena.ofConfined()) {
      limit(memory, RLIMIT_CORE, 0);
      limit(memory, RLIMIT_NOFILE, FILES_MAX);
      if (call(numbers.prctl(), PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return "is not locked down: the system refuses 'no new privileges'";
      }
      MemorySegment filter = filter(memory);
      boolean narrowed = narrow(memory, readable);
      long refused =
          call(
              numbers.seccomp(),
              SECCOMP_SET_MODE_FILTER,
              SECCOMP_ALL_THREADS,
              filter.address(),
              0,
              0);
      if (refused != 0) {
        return narrowed
            ? "has its files limited by Landlock, and could use the network: the system has no seccomp"
            : "is not locked down: the system has neither seccomp nor Landlock";
      }
      return "is locked down: no network, no other programs, no new privileges, nothing written; "
          + (narrowed
              ? "it reads Java and its model"
              : "it can read what its user can, because the system has no Landlock");
    }
  }

  private void limit(Arena memory, int what, long most) {
    MemorySegment both = memory.allocate(16, 8);
    both.set(JAVA_LONG, 0, most);
    both.set(JAVA_LONG, 8, most);
    call(numbers.prlimit(), 0, what, both.address(), 0, 0);
  }

  /// For this thread and those that it will start.
  private boolean narrow(Arena memory, List<Path> readable) {
    long version = call(LANDLOCK_CREATE, 0, 0, LANDLOCK_VERSION, 0, 0);
    if (version < 1) {
      return false;
    }
    // All rights on files of the first version; every later one takes more.
    MemorySegment rights = memory.allocate(8, 8);
    rights.set(JAVA_LONG, 0, 0x1FFF);
    long rules = call(LANDLOCK_CREATE, rights.address(), 8, 0, 0, 0);
    if (rules < 0) {
      return false;
    }
    for (String path : SYSTEM.split(" ")) {
      allow(memory, rules, Path.of(path));
    }
    readable.forEach(path -> allow(memory, rules, path));
    boolean done = call(LANDLOCK_RESTRICT, rules, 0, 0, 0, 0) == 0;
    call(numbers.close(), rules, 0, 0, 0, 0);
    return done;
  }

  private void allow(Arena memory, long rules, Path path) {
    long folder =
        call(
            numbers.openat(),
            AT_FDCWD,
            memory.allocateFrom(path.toAbsolutePath().toString()).address(),
            O_PATH,
            0,
            0);
    if (folder < 0) {
      return; // What is not there needs no permission.
    }
    boolean file = !path.toFile().isDirectory();
    MemorySegment rule = memory.allocate(12, 8);
    rule.set(JAVA_LONG_UNALIGNED, 0, file ? READ_FILE : READ);
    rule.set(JAVA_INT_UNALIGNED, 8, (int) folder);
    call(LANDLOCK_ADD, rules, LANDLOCK_BENEATH, rule.address(), 0, 0);
    call(numbers.close(), folder, 0, 0, 0, 0);
  }

  private MemorySegment filter(Arena memory) {
    int pid = (int) call(numbers.getpid(), 0, 0, 0, 0, 0);
    byte[] bytes = new Filter(numbers, pid).program();
    MemorySegment program = memory.allocate(bytes.length, 8);
    MemorySegment.copy(bytes, 0, program, JAVA_BYTE, 0, bytes.length);
    MemorySegment header = memory.allocate(16, 8);
    header.set(JAVA_SHORT, 0, (short) (bytes.length / Filter.STEP_BYTES));
    header.set(JAVA_LONG, 8, program.address());
    return header;
  }

  /// A program that the kernel runs before each system call of this process.
  private static final class Filter {
    private static final int STEP_BYTES = 8;
    private static final int STEPS_MAX = 200;

    private static final int LOAD = 0x20;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_AT_LEAST = 0x35;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7FFF0000;
    private static final int FAIL = 0x00050000;
    private static final int NOT_PERMITTED = 1;
    private static final int NO_SUCH_CALL = 38;

    /// Of the other ABI of x86_64, whose calls have numbers of their own.
    private static final int X32 = 0x40000000;

    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int ARGUMENTS_AT = 16;

    /// Where a jump goes that the end of the program has to settle.
    private static final int DENY = -1;

    private static final int NONE = -2;

    private final int[][] steps = new int[STEPS_MAX][];
    private int count;

    private Filter(Numbers numbers, int pid) {
      step(LOAD, 0, 0, ARCHITECTURE_AT);
      step(IF_EQUAL, 0, DENY, numbers.architecture());
      step(LOAD, 0, 0, NUMBER_AT);
      step(IF_AT_LEAST, DENY, 0, X32);
      forWriting(numbers.openat(), 2);
      if (numbers.opening() >= 0) {
        forWriting(numbers.opening(), 1);
      }
      // Its threads, but no processes.
      step(IF_EQUAL, 0, 3, numbers.thread());
      step(LOAD, 0, 0, ARGUMENTS_AT);
      step(IF_ANY_BIT, 0, DENY, CLONE_THREAD);
      step(RETURN, 0, 0, ALLOW);
      // Signals to itself.
      step(IF_EQUAL, 0, 3, numbers.tgkill());
      step(LOAD, 0, 0, ARGUMENTS_AT);
      step(IF_EQUAL, 0, DENY, pid);
      step(RETURN, 0, 0, ALLOW);
      // Their arguments cannot be looked at; libc knows a way without them.
      step(IF_EQUAL, NONE, 0, Numbers.CLONE3);
      step(IF_EQUAL, NONE, 0, Numbers.OPENAT2);
      for (int denied : numbers.denied()) {
        step(IF_EQUAL, DENY, 0, denied);
      }
      step(RETURN, 0, 0, ALLOW);
    }

    /// @param argument that holds how a file is to be opened
    private void forWriting(int number, int argument) {
      step(IF_EQUAL, 0, 3, number);
      step(LOAD, 0, 0, ARGUMENTS_AT + 8 * argument);
      step(IF_ANY_BIT, DENY, 0, FOR_WRITING);
      step(RETURN, 0, 0, ALLOW);
    }

    private void step(int code, int ifTrue, int ifFalse, int value) {
      steps[count++] = new int[] {code, ifTrue, ifFalse, value};
    }

    private byte[] program() {
      int deny = count;
      step(RETURN, 0, 0, FAIL | NOT_PERMITTED);
      step(RETURN, 0, 0, FAIL | NO_SUCH_CALL);
      ByteBuffer bytes = ByteBuffer.allocate(count * STEP_BYTES).order(ByteOrder.nativeOrder());
      for (int i = 0; i < count; i++) {
        bytes.putShort((short) steps[i][0]);
        bytes.put((byte) settled(steps[i][1], deny - i - 1));
        bytes.put((byte) settled(steps[i][2], deny - i - 1));
        bytes.putInt(steps[i][3]);
      }
      return bytes.array();
    }

    private static int settled(int jump, int toDeny) {
      return jump == DENY ? toDeny : jump == NONE ? toDeny + 1 : jump;
    }
  }
}
