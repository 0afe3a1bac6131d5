// Event targets whose events are known. A class says what it dispatches by what it extends:
// `class Doc extends /** @type {EmitterOf<DocEvents>} */ (EventTarget)`.

/** An EventTarget with the events `Events`: the detail of each by its type. */
export interface Emitter<Events> {
  addEventListener<Type extends keyof Events>(
    type: Type,
    listener: (event: CustomEvent<Events[Type]>) => void,
    options?: AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof Events>(
    type: Type,
    listener: (event: CustomEvent<Events[Type]>) => void,
  ): void;
  dispatchEvent(event: Event): boolean;
}

/** The class EventTarget, as an emitter of `Events`. */
export type EmitterOf<Events> = new () => Emitter<Events>;
