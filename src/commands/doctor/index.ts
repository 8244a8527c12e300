/** The verb that looks whether everything is well. */
export {runDoctor} from './doctor.ts';
