/** Cameras as a person calls them. */

interface Camera {
  readonly make: string;
  readonly model: string;
}

/** @returns `Canon EOS R5`, or the make where the pictures name no model; each once, in the order given. */
export function nameCameras(cameras: readonly Camera[]): readonly string[] {
  const names = cameras.map(({make, model}) => (model.trim() === '' ? make : model).trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
