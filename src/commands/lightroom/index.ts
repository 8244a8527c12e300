/** What the command line asks of Lightroom catalogs. */
export {addLightroom, removeLightroom, type TypedLightroom} from './change-lightroom.ts';
export {runDueLightroom} from './due-lightroom.ts';
export {restoreLightroom, type TypedLightroomRestore} from './restore-lightroom.ts';
export {type LightroomRunOptions, runLightroom} from './run-lightroom.ts';
export {type LightroomAge, lightroomAges, listLightroom} from './tell-lightroom.ts';
