package dev.holdfast.simulation.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads the engine and the simulated world anew, with some classes of the engine changed. */
final class MutantLoader extends ClassLoader {
    private static final String OURS = "dev.holdfast.";

    private final List<Edit> edits;
    private final ClassFile classFile;

    MutantLoader(List<Edit> edits) {
        super("mutant", MutantLoader.class.getClassLoader());
        this.edits = edits;
        ClassLoader usual = getParent();
        this.classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(usual).orElse(ClassHierarchyResolver.defaultResolver())));
        for (Edit edit : edits) {
            if (usual.getResource(path(edit.owner())) == null) {
                throw new IllegalStateException(
                        "there is no " + edit.owner() + ": the class was moved, and the mutant must follow");
            }
        }
    }

    private static String path(String name) {
        return name.replace('.', '/') + ".class";
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = read(name);
        for (Edit edit : edits) {
            if (edit.owner().equals(name)) {
                bytes = changed(edit, bytes);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(path(name))) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] changed(Edit edit, byte[] bytes) {
        AtomicInteger count = new AtomicInteger();
        ClassTransform[] decided = new ClassTransform[1];
        edit.changes().accept(new Edit.Code(transform -> decided[0] = transform), count);
        byte[] made = classFile.transformClass(classFile.parse(bytes), decided[0]);
        if (count.get() == 0) {
            throw new IllegalStateException(edit.owner() + "." + edit.method()
                    + " has nothing to change: the engine was" + " rewritten, and the mutant must follow");
        }
        return made;
    }
}
