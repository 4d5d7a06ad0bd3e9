// The page's end of the wire. It has no view: it tells the players of this page that their kernel lives.
export default {
  initialize({ model, signal }) {
    const hub = (globalThis.gradlabExplorers ??= { links: new Map(), players: new Set() });
    hub.awaited ??= new Set();
    const session = model.get("session");
    const kernel = model.widget_manager?.kernel;
    const link = { ask: (id, position) => model.send({ ask: id, position }) };
    const tell = () => hub.players.forEach((player) => player.deref()?.linked());
    const drop = () => {
      if (hub.links.has(session) && hub.links.get(session) !== link) return;
      hub.links.delete(session);
      hub.awaited.delete(session);
      tell();
    };
    model.on("msg:custom", (message) => {
      if (message.hello) {
        hub.links.set(session, link);
        hub.awaited.delete(session);
        tell();
      } else if (message.offer) {
        // The whole record may come when no hand is on the figure, whose controls it replaces.
        const take = () => {
          const held = [...hub.players].some((player) => player.deref()?.id === message.offer && player.deref().held);
          if (held) setTimeout(take, 200);
          else model.send({ take: message.offer });
        };
        take();
      } else {
        hub.players.forEach((player) => player.deref()?.receive(message));
      }
    });
    model.on("comm_live_update", drop);
    kernel?.disposed?.connect(drop);
    kernel?.statusChanged?.connect((_, status) => {
      if (["restarting", "autorestarting", "terminating", "dead"].includes(status)) drop();
    });
    signal?.addEventListener("abort", drop);
    // A model can outlive its kernel in a saved notebook, so only an answer counts as a sign of life.
    model.send({ hello: true });
    // A kernel that runs cells answers after them, in the order in which it was asked.
    if (kernel?.requestKernelInfo) {
      hub.awaited.add(session);
      tell();
      const over = () => hub.awaited.has(session) && drop();
      kernel.requestKernelInfo().then(() => setTimeout(over, 2000), over);
    }
    return drop;
  },
};
