# What the scripts beside this file share: finding Java, building when sources are newer than the build.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root
readonly classpath="$root/bench/target/holdfast-bench.jar:$root/bench/target/lib/*"
# Those of the launcher, so that whatever is compared runs on the same virtual machine.
readonly flags=(--enable-native-access=ALL-UNNAMED -XX:+UseCompactObjectHeaders "-Dholdfast.bench.folder=$root/bench/target")

fail() {
    printf '%s: %s\n' "bench/${0##*/}" "$1" >&2
    exit 1
}

find_java() {
    local home
    for home in "${HOLDFAST_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/*; do
        if [[ -x $home/bin/javac ]] && grep -qs '^JAVA_VERSION="25' "$home/release"; then
            export HOLDFAST_JAVA_HOME=$home
            return
        fi
    done
    fail 'needs a JDK 25 and found none; install one, or set HOLDFAST_JAVA_HOME to its folder'
}

build() {
    local stamp=$root/bench/target/built started
    cd "$root"
    if [[ ! -e $stamp || -n $(find pom.xml {engine,server,bench,providers/*}/{pom.xml,src/main} -newer "$stamp" -print -quit) ]]; then
        echo 'building ...' >&2
        started=$(mktemp)
        JAVA_HOME=$HOLDFAST_JAVA_HOME mvn -B -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -DskipTests -pl bench -am package >&2 ||
            fail 'the build failed; see above'
        mv "$started" "$stamp"
    fi
    cd - >/dev/null
}
