/** One key, or a piece of text that was typed or pasted. */
export type KeyPress =
  | {
      readonly key:
        | 'enter'
        | 'escape'
        | 'up'
        | 'down'
        | 'left'
        | 'right'
        | 'tab'
        | 'backspace'
        | 'delete'
        | 'home'
        | 'end'
        | 'page-up'
        | 'page-down'
        | 'ctrl-c';
    }
  | {readonly key: 'text'; readonly text: string};
