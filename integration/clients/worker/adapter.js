// Puts /kv/{namespace} before the path of a binding's request.

export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    return env.HOLDFAST.fetch(new Request(`http://holdfast/kv/${env.NAMESPACE}${pathname}${search}`, request));
  },
};
