/** An error the user can mend; its message is shown as it is. Everything else is a bug and goes to the log. */
export class UserError extends Error {
  override readonly name = 'UserError';

  static is(error: unknown): error is UserError {
    return error instanceof Error && error.name === 'UserError';
  }
}
