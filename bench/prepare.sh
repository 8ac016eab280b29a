# Sourced by the commands of this folder: finds the JDK as ./ponder does, compiles, and offers run_java.
home="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$home"
jdk="$(./ponder --which-jdk)"
log="$home/target/bench.log"
mkdir -p target
if ! JAVA_HOME="$jdk" mvn -B -q test-compile dependency:build-classpath \
    -Dmdep.outputFile=target/bench.classpath -Dmdep.includeScope=test >"$log" 2>&1 </dev/null; then
  echo "The build failed. The end of $log:" >&2
  tail -n 40 "$log" >&2
  exit 1
fi

# The service as ./ponder starts it, without the optimizing compiler, unless BENCH_JAVA_OPTIONS say more.
run_java() {
  local commit processor
  commit="$(git -C "$home" describe --always --dirty 2>/dev/null || echo unknown)"
  processor="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)"
  "$jdk/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED ${BENCH_JAVA_OPTIONS:--XX:TieredStopAtLevel=1} \
    -Dbench.commit="$commit" -Dbench.options="${BENCH_JAVA_OPTIONS:-as shipped}" -Dbench.processor="${processor:-$(uname -m)}" -Dlogging.level.root=error \
    -cp "target/test-classes:target/classes:$(cat target/bench.classpath)" "$@"
}
