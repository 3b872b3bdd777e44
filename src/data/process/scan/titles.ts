/** Characters of a title in the list. */
const shownLength = 96;
/** Titles that agree in this many characters are taken for one prompt template. */
const templateLength = 24;
/** Words kept before the place where titles begin to differ. */
const context = 16;

/**
 * Titles of groups, shown from where they differ: prompts of one template agree in their first hundred characters, and a
 * list of those would say nothing.
 */
export class Titles {
  private readonly titles: string[] = [];
  /** What all titles of a template have in common so far, and whether any two differ. */
  private readonly templates = new Map<string, { common: string; differ: boolean }>();

  add(title: string): void {
    this.titles.push(title);
    const start = title.slice(0, templateLength);
    const template = this.templates.get(start);
    if (template === undefined) {
      this.templates.set(start, { common: title, differ: false });
    } else if (title !== template.common) {
      template.common = title.slice(0, commonLength(title, template.common));
      template.differ = true;
    }
  }

  shown(group: number): string {
    const title = this.titles[group] ?? '';
    const template = this.templates.get(title.slice(0, templateLength));
    const from = template?.differ === true ? wordBefore(title, template.common.length - context) : 0;
    const rest = from > 0 ? `…${title.slice(from)}` : title;
    return rest.length > shownLength ? `${rest.slice(0, shownLength - 1)}…` : rest;
  }
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Start of the word at `position`; 0 when that lies in the template's first words, which are worth keeping whole. */
function wordBefore(title: string, position: number): number {
  return position < templateLength ? 0 : title.lastIndexOf(' ', position) + 1;
}
