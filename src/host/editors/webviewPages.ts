import type { Envelope, Port } from '../../protocol/channel';
import { packNumbers } from '../../protocol/wireNumbers';

/** A webview, as far as messages go. */
export interface MessageWebview {
  postMessage(message: unknown): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): unknown };
}

/**
 * The channel to a webview's page, made anew when the page is: a hidden editor's page is thrown away, and the next one
 * counts its requests from one again, so what the page before it asked must not be answered to it.
 */
export class WebviewPages<C extends { dispose(reason: string): void }> {
  private readonly subscription: { dispose(): unknown };
  private deliver: ((message: unknown) => void) | null = null;
  private current: C;
  private lastRequest = 0;

  constructor(
    private readonly webview: MessageWebview,
    private readonly connect: (port: Port) => C,
  ) {
    this.current = connect(this.port());
    this.subscription = webview.onDidReceiveMessage((message) => {
      const id = requestId(message);
      if (id !== null && id <= this.lastRequest) {
        this.current.dispose('the page was loaded again');
        this.current = this.connect(this.port());
      }
      this.lastRequest = id ?? this.lastRequest;
      this.deliver?.(message);
    });
  }

  /** To the page that is there now. */
  get channel(): C {
    return this.current;
  }

  /** Ends what the page asked for and is still under way. */
  dispose(): void {
    this.subscription.dispose();
    this.current.dispose('the editor was closed');
  }

  private port(): Port {
    return {
      post: (message: Envelope) => {
        // VS Code carries messages as JSON, hence the packed numbers.
        const packed = packNumbers(message) as Envelope;
        void this.webview.postMessage(packed === message ? message : { ...packed, packed: true });
      },
      onMessage: (listener) => {
        this.deliver = listener;
        return () => {
          if (this.deliver === listener) this.deliver = null;
        };
      },
    };
  }
}

/** A page counts its requests up, so one that starts again is another page's. Null for what is no request. */
function requestId(message: unknown): number | null {
  if (typeof message !== 'object' || message === null) return null;
  const { t, id } = message as Record<string, unknown>;
  return t === 'req' && typeof id === 'number' ? id : null;
}
