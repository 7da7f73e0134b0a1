package dev.holdfast.simulation.mutants;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One small change of a compiled class of the engine or the client, found by names. A change that finds nothing to change is an error: the code
 * was rewritten, and the mutant must follow.
 *
 * @param owner the class, by its full name
 * @param method name of the methods whose code is changed; lambdas in them included
 * @param changes makes the change, and counts in the second argument how often
 */
record Edit(String owner, String method, BiConsumer<Code, AtomicInteger> changes) {
    private static final String OURS = "dev.holdfast.";

    /** What is known where the change is made. */
    record Code(ClassTransformSink sink) {}

    /** Takes the transformation that was decided on. */
    interface ClassTransformSink extends Consumer<ClassTransform> {}

    /** The method does nothing and returns {@code value}: a boolean, an int, a long, or null for anything else or nothing. */
    static Edit returns(String owner, String method, Object value) {
        return new Edit(
                OURS + owner,
                method,
                (code, count) -> code.sink().accept((builder, element) -> {
                    if (element instanceof MethodModel found
                            && found.methodName().equalsString(method)) {
                        count.incrementAndGet();
                        builder.withMethodBody(
                                found.methodName(),
                                found.methodType(),
                                found.flags().flagsMask(),
                                body -> {
                                    ClassDesc type = found.methodTypeSymbol().returnType();
                                    push(body, type, value);
                                    body.return_(TypeKind.from(type));
                                });
                    } else {
                        builder.with(element);
                    }
                }));
    }

    /** Calls of {@code called} in the method do not happen, and give {@code value}. */
    static Edit skips(String owner, String method, String called, Object value) {
        return calls(owner, method, called, (body, call) -> {
            MethodTypeDesc type = call.typeSymbol();
            List<ClassDesc> parameters = type.parameterList();
            for (ClassDesc parameter : parameters.reversed()) {
                pop(body, parameter);
            }
            if (call.opcode() != Opcode.INVOKESTATIC) {
                body.pop();
            }
            push(body, type.returnType(), value);
        });
    }

    /** Calls of the static method {@code called} go to the one of that name and type in {@link Wrong}. */
    static Edit redirects(String owner, String method, String called) {
        ClassDesc wrong = ClassDesc.of(Wrong.class.getName());
        return calls(owner, method, called, (body, call) -> body.invokestatic(wrong, called, call.typeSymbol()));
    }

    /** Calls of {@code called} in the method go to another method of the same class and type. */
    static Edit swaps(String owner, String method, String called, String other) {
        return calls(
                owner,
                method,
                called,
                (body, call) -> body.invokevirtual(call.owner().asSymbol(), other, call.typeSymbol()));
    }

    private static Edit calls(
            String owner, String method, String called, BiConsumer<CodeBuilder, InvokeInstruction> instead) {
        Predicate<MethodModel> wanted = found -> {
            String name = found.methodName().stringValue();
            return name.equals(method) || name.startsWith("lambda$" + method + "$");
        };
        return new Edit(OURS + owner, method, (code, count) -> {
            CodeTransform edit = (body, element) -> {
                if (element instanceof InvokeInstruction call && call.name().equalsString(called)) {
                    count.incrementAndGet();
                    instead.accept(body, call);
                } else {
                    body.with(element);
                }
            };
            code.sink().accept(ClassTransform.transformingMethodBodies(wanted, edit));
        });
    }

    private static void pop(CodeBuilder body, ClassDesc type) {
        if (TypeKind.from(type).slotSize() == 2) {
            body.pop2();
        } else {
            body.pop();
        }
    }

    private static void push(CodeBuilder body, ClassDesc type, Object value) {
        switch (TypeKind.from(type)) {
            case VOID -> {
                // Nothing is returned.
            }
            case BOOLEAN -> body.loadConstant(Boolean.TRUE.equals(value) ? 1 : 0);
            case LONG -> body.loadConstant(((Number) value).longValue());
            case INT, SHORT, BYTE, CHAR -> body.loadConstant(((Number) value).intValue());
            case DOUBLE, FLOAT -> body.loadConstant(((Number) value).doubleValue());
            case REFERENCE -> {
                if (value instanceof Constant constant) {
                    ClassDesc in = ClassDesc.of(OURS + constant.owner());
                    body.getstatic(in, constant.name(), type);
                } else {
                    body.aconst_null();
                }
            }
        }
    }

    /** A static field, as a value. */
    record Constant(String owner, String name) {}
}
