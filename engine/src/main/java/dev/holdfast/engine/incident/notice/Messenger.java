package dev.holdfast.engine.incident.notice;

/** Brings a notice to somebody outside. */
@FunctionalInterface
public interface Messenger {
    /** Returns once it has arrived, or throws; within a time of its own. */
    void deliver(Notice notice) throws Undelivered, InterruptedException;

    /** It has not arrived, or nobody knows. */
    final class Undelivered extends Exception {
        private static final long serialVersionUID = 1;
        private final String what;
        private final boolean hopeless;

        /**
         * @param what a sentence without its full stop; never a secret
         * @param hopeless whether the same notice would be refused again
         */
        public Undelivered(String what, boolean hopeless) {
            super(what, null, false, false);
            this.what = what;
            this.hopeless = hopeless;
        }

        @Override
        public String getMessage() {
            return what;
        }

        public boolean hopeless() {
            return hopeless;
        }
    }
}
