/** Milliseconds between two tellings: a screen shows no more, and a slow link carries no more. */
const pace = 60;

interface Piece {
  readonly rollout: number;
  readonly sensing: boolean;
  fresh: boolean;
  text: string;
}

/** Gathers text that comes token by token from many calls, and tells it a few times a second. */
export class LiveText {
  private readonly pieces = new Map<string, Piece>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly tell: (rollout: number, sensing: boolean, text: string, fresh: boolean) => void) {}

  add(rollout: number, sensing: boolean, more: string, fresh: boolean): void {
    const name = `${rollout} ${sensing}`;
    const piece = this.pieces.get(name) ?? { rollout, sensing, fresh: false, text: '' };
    // What begins anew makes void what was not even told yet.
    if (fresh) Object.assign(piece, { fresh: true, text: more });
    else piece.text += more;
    this.pieces.set(name, piece);
    this.timer ??= setTimeout(() => this.flush(), pace);
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const { rollout, sensing, text, fresh } of this.pieces.values()) this.tell(rollout, sensing, text, fresh);
    this.pieces.clear();
  }
}
