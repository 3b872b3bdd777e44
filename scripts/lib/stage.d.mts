export function stageExtension(extensionsDir: string): void;
